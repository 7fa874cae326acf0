"""The talk: a thread of posts with one level of replies, and the numbered record of what happened in it."""

from html import unescape

from django.conf import settings
from django.db import models
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.richtext import to_html

LONGEST_POST = 5_000
LONGEST_REASON = 300
LONGEST_EXCERPT = 160


class Thread(models.Model):
    """A discussion. An issue has one; an event or a project may have one too.

    ``last_event`` is the number of the newest :class:`Event`; whoever adds one holds this row's lock, so the
    numbers have no gap. ``post_count`` is the number of the newest post; tombstones keep theirs.
    """

    last_event = models.PositiveIntegerField(_("number of the last event"), default=0)
    post_count = models.PositiveIntegerField(_("posts"), default=0)
    last_post_at = models.DateTimeField(_("last post"), null=True, blank=True)
    is_open = models.BooleanField(_("open for posts"), default=True)

    class Meta:
        verbose_name = _("thread")
        verbose_name_plural = _("threads")

    def __str__(self) -> str:
        return f"{self.pk}"


class Post(models.Model):
    """What one person said. ``number`` counts 1, 2, 3 in the thread: the order of the talk, and the permalink."""

    class State(models.TextChoices):
        SHOWN = "shown", _("Shown")
        WITHDRAWN = "withdrawn", _("Deleted by its author")
        HIDDEN = "hidden", _("Hidden by a moderator")

    thread = models.ForeignKey(
        Thread, on_delete=models.CASCADE, related_name="posts", db_index=False
    )
    number = models.PositiveIntegerField(_("number"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="posts"
    )
    answers = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="replies",
        verbose_name=_("reply to"),
    )
    quotes = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="quoted_by",
        verbose_name=_("quotes"),
    )
    source = models.TextField(_("text"), max_length=LONGEST_POST)
    html = models.TextField(editable=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.SHOWN)
    # Why it was hidden; its author and those who moderate read it.
    hidden_reason = models.CharField(_("reason"), max_length=LONGEST_REASON, blank=True)
    posted_at = models.DateTimeField(_("posted"))
    edited_at = models.DateTimeField(_("edited"), null=True, blank=True)
    # The client's key of the act: a double click or a replayed queue ends as one post.
    key = models.UUIDField(_("idempotency key"))
    # Counted by the services, so that a page of posts asks nothing more.
    agree_count = models.PositiveIntegerField(default=0)
    disagree_count = models.PositiveIntegerField(default=0)
    unsure_count = models.PositiveIntegerField(default=0)
    thanks_count = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        constraints = [
            models.UniqueConstraint(
                fields=["thread", "number"], name="post_number_unique_in_thread"
            ),
            models.UniqueConstraint(fields=["author", "key"], name="post_key_unique_for_author"),
            models.CheckConstraint(
                condition=models.Q(state__in=["shown", "withdrawn", "hidden"]),
                name="post_state_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.thread_id}#{self.number}"

    @property
    def face(self) -> int:
        """Which of the five colours of Kaga marks its author, so that one sees who speaks again."""
        return self.author_id % 5

    @property
    def is_shown(self) -> bool:
        """Whether its words may be seen; what is not shown leaves a tombstone."""
        return self.state == self.State.SHOWN

    @property
    def excerpt(self) -> str:
        """The beginning of its words without marks, for quotes; empty unless it is shown."""
        words = unescape(strip_tags(self.html)) if self.is_shown else ""
        return Truncator(" ".join(words.split())).chars(LONGEST_EXCERPT, truncate="…")

    @property
    def reaction_counts(self) -> list[tuple[str, str, int]]:
        """Each kind of reaction with its words and how many chose it."""
        return [
            (kind.value, str(kind.label), getattr(self, f"{kind}_count")) for kind in Reaction.Kind
        ]


class Mention(models.Model):
    """Somebody is called by name in a post."""

    post = models.ForeignKey(
        Post, on_delete=models.CASCADE, related_name="mentions", db_index=False
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mentions"
    )

    class Meta:
        verbose_name = _("mention")
        verbose_name_plural = _("mentions")
        constraints = [
            models.UniqueConstraint(fields=["post", "person"], name="mention_once_a_post"),
        ]

    def __str__(self) -> str:
        return f"{self.post_id}: {self.person_id}"


class PostVersion(models.Model):
    """How a post read before an edit."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="versions")
    source = models.TextField()
    replaced_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["replaced_at"]
        verbose_name = _("earlier version of a post")
        verbose_name_plural = _("earlier versions of posts")

    def __str__(self) -> str:
        return f"{self.post_id}"

    @property
    def html(self) -> SafeString:
        """The words as they were shown."""
        return to_html(self.source)


class Reaction(models.Model):
    """What somebody thinks of a post: one of three stances, and thanks beside it."""

    class Kind(models.TextChoices):
        AGREE = "agree", pgettext_lazy("reaction", "I agree")
        DISAGREE = "disagree", pgettext_lazy("reaction", "I disagree")
        UNSURE = "unsure", pgettext_lazy("reaction", "Not sure")
        THANKS = "thanks", pgettext_lazy("reaction", "Thank you")

    STANCES = (Kind.AGREE, Kind.DISAGREE, Kind.UNSURE)

    post = models.ForeignKey(
        Post, on_delete=models.CASCADE, related_name="reactions", db_index=False
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reactions"
    )
    kind = models.CharField(_("reaction"), max_length=10, choices=Kind)

    class Meta:
        verbose_name = _("reaction")
        verbose_name_plural = _("reactions")
        constraints = [
            models.UniqueConstraint(
                fields=["post", "person"],
                condition=models.Q(kind__in=["agree", "disagree", "unsure"]),
                name="reaction_one_stance",
            ),
            models.UniqueConstraint(
                fields=["post", "person"],
                condition=models.Q(kind="thanks"),
                name="reaction_one_thanks",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=["agree", "disagree", "unsure", "thanks"]),
                name="reaction_kind_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.post_id} {self.kind}"


class Event(models.Model):
    """The numbered record of what happened in a thread; what a client that was away is told, in order, once."""

    class Kind(models.TextChoices):
        POSTED = "posted", _("Posted")
        EDITED = "edited", _("Edited")
        WITHDRAWN = "withdrawn", _("Deleted by its author")
        HIDDEN = "hidden", _("Hidden by a moderator")
        SHOWN = "shown", _("Shown again")
        REACTED = "reacted", _("Reacted")
        STAGE = "stage", _("Stage changed")

    thread = models.ForeignKey(
        Thread, on_delete=models.CASCADE, related_name="events", db_index=False
    )
    number = models.PositiveIntegerField(_("number"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    post = models.ForeignKey(
        Post, on_delete=models.CASCADE, null=True, blank=True, related_name="events"
    )
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("event in a thread")
        verbose_name_plural = _("events in threads")
        constraints = [
            models.UniqueConstraint(
                fields=["thread", "number"], name="event_number_unique_in_thread"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.thread_id}#{self.number} {self.kind}"


class ReadPosition(models.Model):
    """Up to which post a person has read a thread; the line "new from here" stands behind it."""

    thread = models.ForeignKey(
        Thread, on_delete=models.CASCADE, related_name="read_positions", db_index=False
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="read_positions"
    )
    number = models.PositiveIntegerField(_("read up to"), default=0)

    class Meta:
        verbose_name = _("read position")
        verbose_name_plural = _("read positions")
        constraints = [
            models.UniqueConstraint(fields=["thread", "person"], name="read_position_one_a_person"),
        ]

    def __str__(self) -> str:
        return f"{self.thread_id}: {self.number}"
