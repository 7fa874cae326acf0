"""The index: one row for each thing that can be found, and who may find it."""

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    _Field = models.Field[list[str] | None, None]
else:
    _Field = models.Field

LONGEST_TITLE = 200
LONGEST_KEY = 100


class Audience(models.Model):
    """A set of keys. Never changed: a document whose audience changes gets another one.

    Few sets serve many documents, so that a reader's are a short list and the filter is one plain column.
    """

    digest = models.CharField(_("digest of the keys"), max_length=64, unique=True)

    class Meta:
        verbose_name = _("audience")
        verbose_name_plural = _("audiences")

    def __str__(self) -> str:
        return self.digest[:8]


class AudienceKey(models.Model):
    """A key that opens the documents of an audience."""

    audience = models.ForeignKey(
        Audience, on_delete=models.CASCADE, related_name="keys", verbose_name=_("audience")
    )
    key = models.CharField(_("key"), max_length=LONGEST_KEY)

    class Meta:
        verbose_name = _("key of an audience")
        verbose_name_plural = _("keys of audiences")
        constraints = [
            models.UniqueConstraint(fields=["key", "audience"], name="search_key_once_an_audience"),
        ]

    def __str__(self) -> str:
        return self.key


class GramsField(_Field):
    """The pairs of a document: a ``tsvector`` without positions on PostgreSQL. Written, never read back.

    Empty on SQLite, where ``search.engine`` keeps them in an FTS5 table.
    """

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "tsvector" if connection.vendor == "postgresql" else "text"

    def get_placeholder(self, value: Any, compiler: Any, connection: BaseDatabaseWrapper) -> str:
        return "array_to_tsvector(%s::text[])" if connection.vendor == "postgresql" else "%s"

    def get_db_prep_value(
        self, value: list[str] | None, connection: BaseDatabaseWrapper, prepared: bool = False
    ) -> list[str] | None:
        return value if connection.vendor == "postgresql" else None


class SearchDocument(models.Model):
    """One thing that can be found. Only ``search.services`` writes these, so that the index keeps in step."""

    kind = models.CharField(_("kind"), max_length=30)
    object_id = models.BigIntegerField(_("id"))
    audience = models.ForeignKey(
        Audience,
        on_delete=models.PROTECT,
        related_name="documents",
        # Never asked alone, and one index less to write.
        db_index=False,
        verbose_name=_("audience"),
    )
    changed_at = models.DateTimeField(_("changed"))
    title_length = models.PositiveSmallIntegerField(_("characters of the folded title"))
    url = models.TextField(_("address"))
    title = models.CharField(_("title"), max_length=LONGEST_TITLE, blank=True)
    parent_title = models.TextField(_("title of what it stands in"), blank=True)
    text = models.TextField(_("text"), blank=True)
    # Title, line break, text: no folded word has a line break, so none is found across the two.
    folded = models.TextField(_("folded title and text"))
    grams = GramsField(_("pairs of characters"), null=True)

    class Meta:
        verbose_name = _("document of the search")
        verbose_name_plural = _("documents of the search")
        constraints = [
            models.UniqueConstraint(fields=["kind", "object_id"], name="search_object_once"),
        ]
        indexes = [models.Index(fields=["-changed_at", "-id"], name="search_newest")]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"
