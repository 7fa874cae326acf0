"""What may happen to people: accounts, names, wishes, roles, proof of studies, export and erasure."""

from accounts.services.erasure import erase_account, forget_what_ended
from accounts.services.many import open_accounts
from accounts.services.people import (
    change_display_name,
    change_user_name,
    close_account,
    forget_strangers_password,
    keep_preferences,
    open_account,
    reopen_account,
)
from accounts.services.roles import end_role, grant_role
from accounts.services.sessions import sign_out_everywhere
from accounts.services.skills import keep_skills, skills_named
from accounts.services.students import confirm_student, is_student_address

__all__ = [
    "change_display_name",
    "change_user_name",
    "close_account",
    "confirm_student",
    "end_role",
    "erase_account",
    "forget_strangers_password",
    "forget_what_ended",
    "grant_role",
    "is_student_address",
    "keep_preferences",
    "keep_skills",
    "open_account",
    "open_accounts",
    "reopen_account",
    "sign_out_everywhere",
    "skills_named",
]
