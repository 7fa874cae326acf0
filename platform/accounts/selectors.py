"""What a person's own pages show, and what the archive of their data says."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.db.models import Q
from django.utils.translation import gettext, gettext_lazy

from accounts.models import Skill, StudentAddress, User
from core.models import AuditEntry

SERVICE_NAMES = {"line": "LINE", "google": "Google"}

# In the order in which browsers hide behind each other's names.
_DEVICES = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", gettext_lazy("Android phone or tablet")),
    ("Windows", gettext_lazy("Windows computer")),
    ("CrOS", "Chromebook"),
    ("Macintosh", "Mac"),
    ("Linux", gettext_lazy("Linux computer")),
)


def second_factors(person: User) -> list[str]:
    """The kinds of second factors that are set up, recovery codes left out."""
    kinds = Authenticator.objects.filter(user=person).values_list("type", flat=True)
    return [kind for kind in kinds if kind != Authenticator.Type.RECOVERY_CODES]


def connected_services(person: User) -> list[str]:
    """Names of the services by which the person can sign in: ``line``, ``google``."""
    return list(
        SocialAccount.objects.filter(user=person).order_by("pk").values_list("provider", flat=True)
    )


def ways_in(person: User, *, without: SocialAccount | None = None) -> set[str]:
    """The ways by which the person can sign in: ``password``, ``code``, ``line``, ``google``.

    Passkeys are left out, as they are lost with the device.

    Args:
        without: a connection that is about to be removed.
    """
    ways = set(
        SocialAccount.objects.filter(user=person)
        .exclude(pk=without.pk if without else None)
        .values_list("provider", flat=True)
    )
    if person.has_usable_password():
        ways.add("password")
    if proven_address(person):
        ways.add("code")
    return ways


def device_in_words(user_agent: str) -> str:
    """The kind of device that a browser says it runs on: ``iPhone``, ``Windows``."""
    for sign, words in _DEVICES:
        if sign in user_agent:
            return str(words)
    return gettext("Another device")


def skills_of(person: User) -> list[str]:
    """What the person says they are good at."""
    found = Skill.objects.filter(person_skills__person=person).order_by("person_skills__pk")
    return list(found.values_list("name", flat=True))


def proven_address(person: User) -> str | None:
    """The e-mail address that the person has confirmed."""
    address = EmailAddress.objects.get_verified(person)
    return address.email if address else None


def what_we_know(person: User) -> dict[str, Any]:
    """Everything that this room holds about a person, for their archive."""
    student = StudentAddress.objects.filter(person=person).first()
    return {
        "user_name": person.username,
        "display_name": person.display_name,
        "joined": person.date_joined,
        "last_sign_in": person.last_login,
        "language": person.language,
        "text_size": person.text_size,
        "email_addresses": list(
            EmailAddress.objects.filter(user=person).values("email", "verified", "primary")
        ),
        "student_address": student and student.address,
        "skills": skills_of(person),
        "roles": list(person.role_grants.order_by("pk").values("role", "granted_at", "ended_at")),
        "connected_services": list(
            SocialAccount.objects.filter(user=person).values(
                "provider", "uid", "date_joined", "last_login", "extra_data"
            )
        ),
        "second_factors": [
            {"kind": factor.type, "name": str(factor), "added": factor.created_at}
            for factor in Authenticator.objects.filter(user=person)
        ],
        "signed_in_on": list(
            UserSession.objects.filter(user=person).values("created_at", "ip", "user_agent")
        ),
        "acts": [
            # Where others acted from is theirs.
            {"at": at, "act": act, "address": address if actor_id == person.pk else None}
            for at, act, actor_id, address in AuditEntry.objects.filter(
                Q(actor_id=person.pk)
                | Q(target_type=User._meta.label_lower, target_id=str(person.pk))
            )
            .order_by("at")
            .values_list("at", "act", "actor_id", "address")
        ],
    }
