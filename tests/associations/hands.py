"""What tests of joining do again and again."""

from typing import Any

from django.test import Client

NEWCOMER = {
    "display_name": "花子",
    "username": "hanako7",
    "password": "three words together",
    "lives_here": "here",
}


def enter(client: Client, code: str, **extra: Any) -> Any:
    return client.post("/associations/join/", {"code": code}, **extra)
