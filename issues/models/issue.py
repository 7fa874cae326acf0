"""The issue: a local problem or wish, with the question that it asks."""

from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager

from accounts.models import Skill
from associations.models import Association
from core.richtext import LONGEST_TEXT
from issues.models.tags import TaggedIssue
from issues.models.thread import Post, Thread
from issues.querysets import IssueQuerySet

LONGEST_TITLE = 80
LONGEST_QUESTION = 200
MOST_PHOTOS = 6


class Stage(models.TextChoices):
    """How far an issue has come."""

    DISCUSSION = "discussion", pgettext_lazy("stage", "Discussion and inquiry")
    PROTOTYPE = "prototype", pgettext_lazy("stage", "Plan and prototype")
    RUNNING = "running", pgettext_lazy("stage", "In operation")
    CLOSED = "closed", pgettext_lazy("stage", "Resting or finished")


class Category(models.Model):
    """A field of issues; the city defines them, in its three languages."""

    slug = models.SlugField(_("slug"), unique=True)
    name = models.CharField(_("name"), max_length=30)
    name_easy = models.CharField(_("name in easy Japanese"), max_length=30, blank=True)
    name_en = models.CharField(_("name in English"), max_length=40, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("category")
        verbose_name_plural = _("categories")

    def __str__(self) -> str:
        spoken = {"ja-easy": self.name_easy, "en": self.name_en}
        return spoken.get(get_language() or "", "") or self.name


class Issue(models.Model):  # type: ignore[django-manager-missing]  # taggit has no types
    """A local problem or wish. Everybody may read it; whoever is signed in may take part."""

    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="issues"
    )
    title = models.CharField(_("title"), max_length=LONGEST_TITLE)
    text = models.TextField(_("text"), max_length=LONGEST_TEXT)
    html = models.TextField(editable=False)
    question = models.CharField(_("question to everybody"), max_length=LONGEST_QUESTION)
    wanted_by = models.DateField(_("answers wanted by"), null=True, blank=True)
    decided_by = models.CharField(_("who decides"), max_length=100, blank=True)
    consequence = models.CharField(_("what happens with the answers"), max_length=200, blank=True)
    # The indexes below begin with it.
    category = models.ForeignKey(
        Category,
        on_delete=models.PROTECT,
        related_name="issues",
        db_index=False,
        verbose_name=_("category"),
    )
    place = models.ForeignKey(
        Association,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="issues",
        verbose_name=_("district or association"),
    )
    latitude = models.DecimalField(
        _("latitude"),
        max_digits=8,
        decimal_places=5,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(-90)), MaxValueValidator(Decimal(90))],
    )
    longitude = models.DecimalField(
        _("longitude"),
        max_digits=8,
        decimal_places=5,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(-180)), MaxValueValidator(Decimal(180))],
    )
    tags = TaggableManager(through=TaggedIssue, blank=True, verbose_name=_("tags"))
    wanted_skills = models.ManyToManyField(
        Skill,
        through="WantedSkill",
        related_name="issues",
        blank=True,
        verbose_name=_("skills that would help"),
    )
    stage = models.CharField(_("stage"), max_length=12, choices=Stage, default=Stage.DISCUSSION)
    thread = models.OneToOneField(Thread, on_delete=models.PROTECT, related_name="issue")
    # Two people who edit at once: the second is shown both versions.
    version = models.PositiveIntegerField(_("version"), default=1)
    posted_at = models.DateTimeField(_("posted"))
    edited_at = models.DateTimeField(_("edited"), null=True, blank=True)
    active_at = models.DateTimeField(_("last activity"))
    support_count = models.PositiveIntegerField(_("me too"), default=0)
    follow_count = models.PositiveIntegerField(_("followers"), default=0)
    heat = models.FloatField(_("heat"), default=0)
    has_official_answer = models.BooleanField(_("officially answered"), default=False)
    # Nobody has replied and the city has not answered; kept here by the services, because lists ask for it.
    awaits_answer = models.BooleanField(_("no answer yet"), default=True)
    key = models.UUIDField(_("idempotency key"))

    objects = IssueQuerySet.as_manager()

    class Meta:
        verbose_name = _("issue")
        verbose_name_plural = _("issues")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(stage__in=["discussion", "prototype", "running", "closed"]),
                name="issue_stage_known",
            ),
            models.CheckConstraint(
                condition=models.Q(latitude__isnull=True, longitude__isnull=True)
                | models.Q(latitude__isnull=False, longitude__isnull=False),
                name="issue_pin_whole_or_none",
            ),
            models.UniqueConstraint(fields=["author", "key"], name="issue_key_unique_for_author"),
        ]
        # Lists fall by one of these four. Of the filters, those that keep a large share of all issues begin an
        # index of their own for each order; tags, skills and places are looked up first and then put in order.
        indexes = [
            models.Index(
                fields=["latitude", "longitude"],
                condition=models.Q(latitude__isnull=False),
                name="issue_pins",
            ),
        ] + [
            index
            for column, name in {
                "posted_at": "newest",
                "active_at": "active",
                "support_count": "supported",
                "heat": "hot",
            }.items()
            for index in (
                models.Index(fields=[f"-{column}", "-id"], name=f"issue_{name}"),
                models.Index(
                    fields=["category", f"-{column}", "-id"], name=f"issue_{name}_of_category"
                ),
                models.Index(fields=["stage", f"-{column}", "-id"], name=f"issue_{name}_of_stage"),
                models.Index(
                    fields=[f"-{column}", "-id"],
                    condition=models.Q(awaits_answer=True),
                    name=f"issue_{name}_waiting",
                ),
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def has_pin(self) -> bool:
        """Whether it stands on the map."""
        return self.latitude is not None and self.longitude is not None


class WantedSkill(models.Model):
    """A skill that would help an issue."""

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="wants", db_index=False)
    skill = models.ForeignKey(Skill, on_delete=models.CASCADE, related_name="wanted_by")

    class Meta:
        verbose_name = _("skill that would help")
        verbose_name_plural = _("skills that would help")
        constraints = [
            models.UniqueConstraint(fields=["issue", "skill"], name="wanted_skill_once_an_issue")
        ]

    def __str__(self) -> str:
        return f"{self.issue_id}: {self.skill_id}"


class IssueVersion(models.Model):
    """How an issue read before an edit; visible, because people had supported those words."""

    issue = models.ForeignKey(
        Issue, on_delete=models.CASCADE, related_name="versions", db_index=False
    )
    version = models.PositiveIntegerField(_("version"))
    title = models.CharField(max_length=LONGEST_TITLE)
    text = models.TextField()
    question = models.CharField(max_length=LONGEST_QUESTION)
    # The rest as it was shown, by name: category, place, wanted_by, decided_by, consequence, tags, wanted_skills, pin, photos.
    facts = models.JSONField(_("the rest"), default=dict)
    supports_then = models.PositiveIntegerField(_("supporters at that time"))
    replaced_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    replaced_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-version"]
        verbose_name = _("earlier version of an issue")
        verbose_name_plural = _("earlier versions of issues")
        constraints = [
            models.UniqueConstraint(fields=["issue", "version"], name="issue_version_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.issue_id} v{self.version}"


class Photo(models.Model):
    """A photo of an issue or a post, cleaned by ``core.photos``; the words are for those who cannot see it."""

    issue = models.ForeignKey(
        Issue, on_delete=models.CASCADE, null=True, blank=True, related_name="photos"
    )
    post = models.ForeignKey(
        Post, on_delete=models.CASCADE, null=True, blank=True, related_name="photos"
    )
    picture = models.FileField(upload_to="issues/%Y/%m/")
    thumbnail = models.FileField(upload_to="issues/%Y/%m/")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    words = models.CharField(_("what the photo shows"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(issue__isnull=True, post__isnull=False)
                | models.Q(issue__isnull=False, post__isnull=True),
                name="photo_of_an_issue_or_a_post",
            ),
        ]

    def __str__(self) -> str:
        return self.words or f"{self.pk}"
