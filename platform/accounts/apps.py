"""People: who they are, how they sign in, how they want to read."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
