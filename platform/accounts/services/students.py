"""Students are who can read mail at a university."""

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, StudentAddress, User
from accounts.services.roles import grant_role
from core import audit
from core.errors import Conflict


def is_student_address(address: str) -> bool:
    """Whether the address belongs to a domain of ``settings.STUDENT_EMAIL_DOMAINS`` or one below it.

    ``kanazawa-u.ac.jp`` lies below ``ac.jp``; ``evil-ac.jp`` and ``ac.jp.example.com`` do not.
    """
    host = address.rpartition("@")[2].lower().rstrip(".")
    return any(
        host == domain or host.endswith(f".{domain}")
        for domain in (listed.lower().strip(". ") for listed in settings.STUDENT_EMAIL_DOMAINS)
    )


@transaction.atomic
def confirm_student(*, person: User, address: str) -> StudentAddress:
    """Notes that a person has read mail at a university's address, and makes them a student.

    Call it only after the person has proved that they read the address. Doing so again changes nothing.

    Raises:
        Conflict: the address is of no university, or has served another account.
    """
    if not is_student_address(address):
        raise Conflict(
            _("This is not an address of a Japanese university (it should end in ac.jp).")
        )
    try:
        with transaction.atomic():
            proof, created = StudentAddress.objects.update_or_create(
                person=person, defaults={"address": address.lower()}
            )
    except IntegrityError as error:
        raise Conflict(_("This address has already been used by another account.")) from error
    if Role.STUDENT not in person.roles:
        grant_role(actor=None, person=person, role=Role.STUDENT)
    if created:
        audit.record(actor=person, act="accounts.student_confirmed", target=person)
    return proof
