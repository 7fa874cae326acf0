"""Asking the index: what a reader may see, and nothing of the rest, not even its number."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from operator import itemgetter

from django.db.models import Q, QuerySet, Value
from django.db.models.functions import StrIndex

from search import engine, grams, kinds, ranking, snippets
from search.kinds import Kind
from search.models import Audience, SearchDocument
from search.queries import Query
from search.ranking import Found, Rank

PAGE = 20
# As many are counted and ranked: a common word then costs no more than a rare one.
MOST_COUNTED = 200


class Order(StrEnum):
    """How hits are put in order."""

    BEST = "best"
    NEWEST = "newest"


@dataclass(frozen=True)
class Hit:
    """One line of the results page."""

    kind: Kind
    title: tuple[snippets.Piece, ...]
    text: snippets.Snippet
    url: str
    changed_at: datetime


@dataclass(frozen=True)
class KindCount:
    """A kind that the hits may be narrowed down to; ``count`` is ``None`` where there are too many to count."""

    kind: Kind
    count: int | None


@dataclass(frozen=True)
class Results:
    """A page of hits. ``count`` is at most 200; ``more_than_counted`` says that there are more."""

    hits: Sequence[Hit] = ()
    count: int = 0
    more_than_counted: bool = False
    kinds: Sequence[KindCount] = ()
    # The cursor of the next page; empty on the last.
    next: str = ""


def find(
    query: Query,
    *,
    reader: frozenset[str],
    kind: Kind | None = None,
    order: Order = Order.BEST,
    after: Rank | None = None,
) -> Results:
    """A page of what ``query`` finds for whoever carries the keys ``reader``.

    By ``Order.BEST`` the 200 newest hits and the 200 newest of those with all words in the title are ranked;
    ``Order.NEWEST`` goes on to the very last. The number of statements does not depend on what is found.
    """
    if not query.words:
        return Results()
    visible = visible_to(reader)
    hits = matching(visible, query)
    everything = pool = _newest(hits, query, MOST_COUNTED + 1)
    if kind is not None:
        hits = hits.filter(kind=kind.slug)
        pool = _newest(hits, query, MOST_COUNTED + 1)
    if order is Order.BEST:
        titled = matching(visible, query, in_title=True)
        if kind is not None:
            titled = titled.filter(kind=kind.slug)
        candidates = [*pool[:MOST_COUNTED], *_newest(titled, query, MOST_COUNTED)]
        ranked = _ranked({found.id: found for found in candidates}.values(), query, after)
    else:
        further = pool if after is None else _newest(_behind(hits, after), query, PAGE + 1)
        ranked = [(ranking.newness(found), found) for found in further]
    page = ranked[:PAGE]
    return Results(
        hits=_shown([found.id for _, found in page], visible, query),
        count=min(len(pool), MOST_COUNTED),
        more_than_counted=len(pool) > MOST_COUNTED,
        kinds=_counted(everything),
        next=str(page[-1][0]) if len(ranked) > PAGE else "",
    )


def visible_to(reader: Iterable[str]) -> QuerySet[SearchDocument]:
    """The documents that whoever carries the keys ``reader`` may see."""
    # A list and not a subquery: the database then knows how many documents each audience has.
    audiences = (
        Audience.objects.filter(keys__key__in=reader).values_list("pk", flat=True).distinct()
    )
    return SearchDocument.objects.filter(audience__in=list(audiences))


def matching(
    documents: QuerySet[SearchDocument], query: Query, *, in_title: bool = False
) -> QuerySet[SearchDocument]:
    """Those of the documents that hold all words; with ``in_title``, that hold them all in the title.

    Raises:
        ValueError: the query has no words.
    """
    if not query.words:
        raise ValueError("there is nothing to look for")
    wanted = grams.of_query(query.words)
    in_index = engine.current().matches(wanted.in_title() if in_title else wanted)
    texts = [*query.words, *query.together]
    places = {
        f"place_{number}": StrIndex("folded", Value(text)) for number, text in enumerate(texts)
    }
    found = {f"place_{number}__gt": 0 for number in range(len(query.words))}
    # The look at the text makes words of three letters and more exact. It also tells PostgreSQL that not
    # every hit of the index will do, which keeps it from reading the table by date for a rare word.
    return documents.annotate(**places).filter(**found).filter(in_index)


def _newest(hits: QuerySet[SearchDocument], query: Query, most: int) -> list[Found]:
    texts = len(query.words) + len(query.together)
    places = [f"place_{number}" for number in range(texts)]
    rows = hits.order_by("-changed_at", "-id").values_list(
        "id", "kind", "changed_at", "title_length", *places
    )
    words = len(query.words)
    return [
        Found(pk, kind, changed_at, title_length, words=where[:words], together=where[words:])
        for pk, kind, changed_at, title_length, *where in rows[:most]
    ]


def _behind(hits: QuerySet[SearchDocument], last: Rank) -> QuerySet[SearchDocument]:
    at = last.changed_at
    return hits.filter(changed_at__lte=at).filter(Q(changed_at__lt=at) | Q(id__lt=last.id))


def _ranked(
    candidates: Iterable[Found], query: Query, after: Rank | None
) -> list[tuple[Rank, Found]]:
    ranked = [
        (ranking.rank(found, query, head_start=_kind(found.kind).head_start), found)
        for found in candidates
    ]
    ranked.sort(key=itemgetter(0), reverse=True)
    return ranked if after is None else [pair for pair in ranked if pair[0] < after]


def _counted(pool: Sequence[Found]) -> list[KindCount]:
    counts = Counter(found.kind for found in pool)
    if len(pool) > MOST_COUNTED:
        return [KindCount(kind, None) for kind in kinds.registered()]
    return [KindCount(_kind(slug), count) for slug, count in counts.most_common()]


def _shown(ids: Sequence[int], visible: QuerySet[SearchDocument], query: Query) -> list[Hit]:
    fields = ("kind", "title", "parent_title", "text", "url", "changed_at")
    rows = {document.pk: document for document in visible.filter(pk__in=ids).only(*fields)}
    return [_hit(rows[pk], query) for pk in ids if pk in rows]


def _hit(document: SearchDocument, query: Query) -> Hit:
    title = document.title or document.parent_title
    return Hit(
        kind=_kind(document.kind),
        title=snippets.marked(title, query.words if document.title else ()),
        text=snippets.snippet(document.text, query.words),
        url=document.url,
        changed_at=document.changed_at,
    )


def _kind(slug: str) -> Kind:
    # The room may be gone for a moment while its documents are still there.
    return kinds.get(slug) or Kind(slug=slug, label=slug, entries=lambda after, limit: ())
