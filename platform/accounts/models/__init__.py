"""The person with an account, what they may be called, and the roles they hold."""

from accounts.models.names import (
    LONGEST_DISPLAY_NAME,
    checked_display_name,
    username_validators,
    validators_for_everybody,
)
from accounts.models.people import User, UserManager, display_name_of
from accounts.models.roles import Role, RoleGrant, StudentAddress
from accounts.models.skills import PersonSkill, Skill

__all__ = [
    "LONGEST_DISPLAY_NAME",
    "PersonSkill",
    "Role",
    "RoleGrant",
    "Skill",
    "StudentAddress",
    "User",
    "UserManager",
    "checked_display_name",
    "display_name_of",
    "username_validators",
    "validators_for_everybody",
]
