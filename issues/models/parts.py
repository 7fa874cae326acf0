"""Taking part in small steps: me too, follow, offer a skill."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from issues.models.issue import Issue


class Support(models.Model):
    """Somebody says: me too."""

    issue = models.ForeignKey(
        Issue, on_delete=models.CASCADE, related_name="supports", db_index=False
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="supports"
    )
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("me too")
        verbose_name_plural = _("me toos")
        constraints = [
            models.UniqueConstraint(fields=["issue", "person"], name="support_once_a_person")
        ]

    def __str__(self) -> str:
        return f"{self.issue_id}"


class Follow(models.Model):
    """Somebody wants to hear of what happens."""

    issue = models.ForeignKey(
        Issue, on_delete=models.CASCADE, related_name="follows", db_index=False
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="follows"
    )
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("follower")
        verbose_name_plural = _("followers")
        constraints = [
            models.UniqueConstraint(fields=["issue", "person"], name="follow_once_a_person")
        ]

    def __str__(self) -> str:
        return f"{self.issue_id}"


class SkillOffer(models.Model):
    """Somebody offers what they are good at."""

    issue = models.ForeignKey(
        Issue, on_delete=models.CASCADE, related_name="skill_offers", db_index=False
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="skill_offers"
    )
    words = models.CharField(_("what I can do"), max_length=200)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("offered skill")
        verbose_name_plural = _("offered skills")
        constraints = [
            models.UniqueConstraint(fields=["issue", "person"], name="skill_offer_one_a_person")
        ]

    def __str__(self) -> str:
        return self.words
