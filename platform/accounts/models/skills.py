"""What people are good at, folded: ちず and チズ are one word."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

LONGEST_SKILL = 30
MOST_SKILLS = 10


class Skill(models.Model):
    """A word for something that somebody can do. It is shown as it was first written."""

    name = models.CharField(_("name"), max_length=LONGEST_SKILL)
    folded = models.CharField(_("folded name"), max_length=4 * LONGEST_SKILL, unique=True)

    class Meta:
        verbose_name = _("skill")
        verbose_name_plural = _("skills")

    def __str__(self) -> str:
        return self.name


class PersonSkill(models.Model):
    """Somebody says: I can do that. Only they see it."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="person_skills",
        db_index=False,
    )
    skill = models.ForeignKey(Skill, on_delete=models.CASCADE, related_name="person_skills")

    class Meta:
        verbose_name = _("skill of a person")
        verbose_name_plural = _("skills of people")
        constraints = [
            models.UniqueConstraint(fields=["person", "skill"], name="person_skill_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.skill_id}"
