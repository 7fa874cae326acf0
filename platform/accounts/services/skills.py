"""What people are good at."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import PersonSkill, Skill, User
from accounts.models.skills import LONGEST_SKILL, MOST_SKILLS
from core import audit
from core.errors import DomainError, NotAllowed
from core.text import fold, one_line


def skills_named(names: Iterable[str]) -> list[Skill]:
    """The skills of these names, made where they are new; two spellings of a word are one skill.

    Raises:
        DomainError: more than ten, or one longer than 30 characters.
    """
    wanted = {fold(name): one_line(name) for name in reversed(list(names)) if fold(name)}
    if len(wanted) > MOST_SKILLS:
        raise DomainError(_("Please choose at most %(count)d skills.") % {"count": MOST_SKILLS})
    if any(len(name) > LONGEST_SKILL for name in wanted.values()):
        raise DomainError(_("A skill has at most %(count)d characters.") % {"count": LONGEST_SKILL})
    return [
        Skill.objects.get_or_create(folded=folded, defaults={"name": name})[0]
        for folded, name in reversed(wanted.items())
    ]


@transaction.atomic
def keep_skills(*, actor: User, names: Iterable[str]) -> list[Skill]:
    """Remembers what the person is good at, instead of what they said before.

    Raises:
        NotAllowed: not signed in.
        DomainError: more than ten, or one longer than 30 characters.
    """
    if not actor.is_active:
        raise NotAllowed
    skills = skills_named(names)
    PersonSkill.objects.filter(person=actor).exclude(skill__in=skills).delete()
    # Two devices may say it at once.
    PersonSkill.objects.bulk_create(
        [PersonSkill(person=actor, skill=skill) for skill in skills], ignore_conflicts=True
    )
    audit.record(actor=actor, act="accounts.skills_kept", target=actor)
    return skills
