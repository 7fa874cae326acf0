"""How django-allauth meets our people: our words, our names, our rules."""

from accounts.adapter.account import AccountAdapter
from accounts.adapter.other_services import OtherServiceAdapter
from accounts.adapter.second_factor import SecondFactorAdapter

__all__ = ["AccountAdapter", "OtherServiceAdapter", "SecondFactorAdapter"]
