"""What allauth tells by its signals: sign-ins and changes go into the audit log, failures into the log.

Signals are the only way in which allauth tells; what follows is done by services, by name.
"""

from typing import Any

import structlog
from allauth.account import signals as account_signals
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.models import EmailAddress
from allauth.mfa import signals as mfa_signals
from allauth.socialaccount import signals as social_signals
from django.contrib.auth.signals import user_login_failed
from django.dispatch import Signal
from django.http import HttpRequest

from accounts import services
from accounts.models import User
from core import audit
from core.errors import Conflict

log = structlog.get_logger("yoriai.accounts")


def connect() -> None:
    """Begins to listen; called once, when the app is ready."""
    account_signals.user_logged_in.connect(note_sign_in, dispatch_uid="accounts.sign_in")
    account_signals.email_confirmed.connect(note_address, dispatch_uid="accounts.address")
    user_login_failed.connect(note_failure, dispatch_uid="accounts.failure")
    mfa_signals.authentication_failed.connect(note_failure, dispatch_uid="accounts.second_failure")
    account_signals.login_code_rejected.connect(note_failure, dispatch_uid="accounts.wrong_code")
    for signal, act in (
        (account_signals.user_signed_up, "accounts.signed_up"),
        (account_signals.password_set, "accounts.password_set"),
        (account_signals.password_changed, "accounts.password_changed"),
        (account_signals.password_reset, "accounts.password_reset"),
        (account_signals.email_changed, "accounts.address_changed"),
        (mfa_signals.authenticator_added, "accounts.second_factor_added"),
        (mfa_signals.authenticator_removed, "accounts.second_factor_removed"),
        (mfa_signals.authenticator_reset, "accounts.recovery_codes_made"),
    ):
        _note_in_audit_log(signal, act)
    social_signals.social_account_added.connect(note_connection, dispatch_uid="accounts.connected")
    social_signals.social_account_removed.connect(
        note_disconnection, dispatch_uid="accounts.disconnected"
    )


def _note_in_audit_log(signal: Signal, act: str) -> None:
    def note(sender: object, user: User, **kwargs: Any) -> None:
        audit.record(actor=user, act=act, target=user)

    signal.connect(note, weak=False, dispatch_uid=act)


def note_sign_in(sender: object, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """A sign-in and its way."""
    records = get_authentication_records(request, user)
    audit.record(
        actor=user,
        act="accounts.signed_in",
        target=user,
        detail={"ways": [record["method"] for record in records]},
    )


def note_failure(sender: object, **kwargs: Any) -> None:
    """A sign-in that failed: counted in the log, without a name."""
    log.warning("sign-in failed")


def note_address(
    sender: object, request: HttpRequest, email_address: EmailAddress, **kwargs: Any
) -> None:
    """An address was confirmed: it may be a student's, and its owner takes over what strangers began."""
    person = email_address.user
    audit.record(actor=person, act="accounts.address_confirmed", target=person)
    if not getattr(request, "confirmed_by_whoever_typed_it", False):
        services.forget_strangers_password(person=person)
    if services.is_student_address(email_address.email):
        try:
            services.confirm_student(person=person, address=email_address.email)
        except Conflict:
            # The same address has made somebody else a student before; the sign-in goes on.
            log.warning("student address used twice")


def note_connection(sender: object, request: HttpRequest, sociallogin: Any, **kwargs: Any) -> None:
    """LINE or Google was connected."""
    audit.record(
        actor=sociallogin.user,
        act="accounts.service_connected",
        target=sociallogin.user,
        detail={"service": sociallogin.account.provider},
    )


def note_disconnection(
    sender: object, request: HttpRequest, socialaccount: Any, **kwargs: Any
) -> None:
    """LINE or Google was disconnected."""
    audit.record(
        actor=socialaccount.user,
        act="accounts.service_disconnected",
        target=socialaccount.user,
        detail={"service": socialaccount.provider},
    )
