"""Writing the index: rooms call this from their own services, in the transaction of the act itself."""

from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256

from django.db import connection, transaction

from core import audit
from core.text import one_line
from search import engine, grams
from search.folding import comparable, storable
from search.kinds import Entry, Kind, registered
from search.models import LONGEST_KEY, LONGEST_TITLE, Audience, AudienceKey, SearchDocument

# Of longer texts the beginning is found. A tsvector holds a megabyte: this many pairs are half of it at most.
LONGEST_TEXT = 50_000
_LONGEST_FOLDED = 60_000
_CHUNK = 500
_WRITTEN = [
    field.name
    for field in SearchDocument._meta.concrete_fields
    if field.name not in {"id", "kind", "object_id"}
]


def index(entries: Iterable[Entry]) -> None:
    """Makes things findable as they are now, or changes how they are found.

    Raises:
        ValueError: an address leads away from this site, or a key is longer than 100 characters.
        RuntimeError: there is no transaction for this to stand or fall with.
    """
    latest = {(entry.kind, entry.object_id): entry for entry in entries}
    _begin()
    _write(list(latest.values()))


def remove(kind: str, object_ids: Iterable[int]) -> None:
    """Makes things unfindable; those that were never found are no error.

    Raises:
        RuntimeError: there is no transaction for this to stand or fall with.
    """
    _begin()
    _remove(kind, list(object_ids))


def rebuild(kind: Kind, *, chunk: int = _CHUNK) -> int:
    """Indexes all things of a kind anew and forgets those that are gone; other acts go on meanwhile.

    Each chunk is a transaction of its own and holds off acts on the index while it runs.

    Returns:
        How many things there are.
    """
    count, after = 0, 0
    while True:
        with transaction.atomic():
            engine.current().wait_for_acts()
            entries = kind.entries(after, chunk)
            ids = [entry.object_id for entry in entries]
            is_last = len(ids) < chunk
            known = SearchDocument.objects.filter(kind=kind.slug, object_id__gt=after)
            if not is_last:
                known = known.filter(object_id__lte=max(ids))
            stale = set(known.values_list("object_id", flat=True)).difference(ids)
            _remove(kind.slug, list(stale))
            _write(entries)
        count += len(entries)
        if is_last:
            return count
        after = max(ids)


def rebuild_all(*, from_scratch: bool = False) -> Iterator[tuple[Kind, int]]:
    """Indexes all things of all kinds anew, and yields each kind with how many there are.

    Args:
        from_scratch: begin with an empty index. Needed after a change of what the index holds
            (``search.grams``); until it is done, less is found.
    """
    with transaction.atomic():
        engine.current().wait_for_acts()
        if from_scratch:
            SearchDocument.objects.all().delete()
            engine.current().forget_everything()
        for slug in _kinds_nobody_answers_for():
            ids = SearchDocument.objects.filter(kind=slug).values_list("object_id", flat=True)
            _remove(slug, list(ids))
    for kind in registered():
        yield kind, rebuild(kind)
    engine.current().settle()
    audit.record(actor=None, act="search.rebuilt", detail={"from_scratch": from_scratch})


def _kinds_nobody_answers_for() -> set[str]:
    stored = SearchDocument.objects.order_by().values_list("kind", flat=True).distinct()
    return set(stored).difference(kind.slug for kind in registered())


def _begin() -> None:
    if not connection.in_atomic_block:
        raise RuntimeError("the index is written in the transaction of the act itself")
    engine.current().wait_for_rebuild()


def _write(entries: Sequence[Entry]) -> None:
    audiences = _audiences({entry.audience for entry in entries})
    documents = [_document(entry, audiences[entry.audience]) for entry in entries]
    for start in range(0, len(documents), _CHUNK):
        chunk = documents[start : start + _CHUNK]
        for kind in {document.kind for document in chunk}:
            ids = [document.object_id for document in chunk if document.kind == kind]
            engine.current().forget(engine.current().stored(kind, ids))
        saved = SearchDocument.objects.bulk_create(
            chunk,
            update_conflicts=True,
            unique_fields=["kind", "object_id"],
            update_fields=_WRITTEN,
        )
        engine.current().learn(saved)


def _remove(kind: str, object_ids: Sequence[int]) -> None:
    for start in range(0, len(object_ids), _CHUNK):
        ids = object_ids[start : start + _CHUNK]
        engine.current().forget(engine.current().stored(kind, ids))
        SearchDocument.objects.filter(kind=kind, object_id__in=ids).delete()


def _document(entry: Entry, audience_id: int) -> SearchDocument:
    # A browser would follow //example.org and \\example.org out of the house, and javascript: into it.
    if not entry.url.startswith("/") or entry.url[1:2] in {"/", "\\"}:
        raise ValueError(f"a document of the search has an address on this site, not {entry.url!r}")
    title = one_line(storable(entry.title))[:LONGEST_TITLE]
    text = storable(entry.text[:LONGEST_TEXT])
    folded_title = comparable(title)
    folded_text = comparable(text)[:_LONGEST_FOLDED]
    return SearchDocument(
        kind=entry.kind,
        object_id=entry.object_id,
        audience_id=audience_id,
        changed_at=entry.changed_at,
        title_length=len(folded_title),
        url=entry.url,
        title=title,
        parent_title=one_line(storable(entry.parent_title)),
        text=text,
        folded=f"{folded_title}\n{folded_text}",
        grams=grams.of_document(folded_title, folded_text),
    )


def _audiences(sets: set[frozenset[str]]) -> dict[frozenset[str], int]:
    digests = {keys: sha256("\n".join(sorted(keys)).encode()).hexdigest() for keys in sets}
    known = dict(Audience.objects.filter(digest__in=digests.values()).values_list("digest", "pk"))
    # In one order, so that two acts that need the same new ones do not wait for each other.
    for keys, digest in sorted(digests.items(), key=lambda item: item[1]):
        if digest not in known:
            known[digest] = _new_audience(keys, digest)
    return {keys: known[digest] for keys, digest in digests.items()}


def _new_audience(keys: frozenset[str], digest: str) -> int:
    if any(len(key) > LONGEST_KEY for key in keys):
        raise ValueError(f"a key has at most {LONGEST_KEY} characters")
    audience, is_new = Audience.objects.get_or_create(digest=digest)
    if is_new:
        AudienceKey.objects.bulk_create(AudienceKey(audience=audience, key=key) for key in keys)
    return audience.pk
