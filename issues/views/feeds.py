"""Atom feeds (RFC 4287): one for each list of issues, with the same filters, and one for each thread."""

import re
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import get_language
from django.views.decorators.http import conditional_page, require_safe

from core.rooms import ISSUES
from issues.models import Issue, Post
from issues.selectors.board import Card, page_of_issues
from issues.selectors.feeds import newest_shown
from issues.selectors.filters import Filters, Wanted, filters_from
from issues.selectors.issue import issue_for
from issues.views.panel import Place, chosen, with_query

# What XML 1.0 has no way to write (its production Char).
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NOTHING_YET = datetime(2000, 1, 1, tzinfo=UTC)


def xml_text(text: str) -> str:
    """The text without characters that no XML document can hold."""
    return _NOT_XML.sub("", text)


class Atom(Atom1Feed):
    """Atom as Django writes it; an empty feed is always the same one."""

    def latest_post_date(self) -> datetime:
        return super().latest_post_date() if self.items else _NOTHING_YET


class OurFeed(Feed):  # type: ignore[type-arg]
    """What our feeds have in common."""

    feed_type = Atom

    @property
    def language(self) -> str:  # type: ignore[override]
        """Feed readers know easy Japanese as Japanese."""
        return (get_language() or "ja").split("-")[0]

    def author_name(self) -> str:
        return str(settings.SITE_NAME)


class BoardFeed(OurFeed):
    """The issues of a list; the newest first, whatever the order on the screen."""

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Wanted:
        asked = filters_from(request.GET)
        # A reader's skills are nobody else's business, and a feed reader has no session.
        filters = Filters(**{**vars(asked), "order": "new", "skills": False})
        return Wanted(filters, reader=None)

    def title(self, wanted: Wanted) -> str:
        words = [choice.label for choice in chosen(wanted, Place(reverse("issues:index")))]
        return xml_text(" ・ ".join([str(ISSUES.label), *words]))

    def subtitle(self, wanted: Wanted) -> str:
        return xml_text(str(ISSUES.purpose))

    def link(self, wanted: Wanted) -> str:
        return with_query(reverse("issues:index"), wanted.filters.query())

    def feed_url(self, wanted: Wanted) -> str:
        return with_query(reverse("issues:feed"), wanted.filters.query())

    def items(self, wanted: Wanted) -> list[Card]:
        return list(page_of_issues(wanted).issues)

    def item_title(self, item: Any) -> str:
        return xml_text(item.title)

    def item_description(self, item: Any) -> str:
        # The type of a summary is HTML.
        return xml_text(escape(item.question))

    def item_link(self, item: Any) -> str:
        return reverse("issues:detail", args=[item.pk])

    def item_pubdate(self, item: Card) -> datetime:
        return item.posted_at

    def item_updateddate(self, item: Card) -> datetime:
        return item.active_at

    def item_categories(self, item: Card) -> list[str]:
        return [xml_text(word) for word in (item.category, *(name for name, _slug in item.tags))]


class ThreadFeed(OurFeed):
    """The newest posts of a thread that are shown."""

    def get_object(self, request: HttpRequest, pk: int, **kwargs: Any) -> Issue:
        return issue_for(pk)

    def title(self, issue: Issue) -> str:
        return xml_text(issue.title)

    def subtitle(self, issue: Issue) -> str:
        return xml_text(issue.question)

    def link(self, issue: Issue) -> str:
        return reverse("issues:detail", args=[issue.pk])

    def feed_url(self, issue: Issue) -> str:
        return reverse("issues:thread_feed", args=[issue.pk])

    def items(self, issue: Issue) -> list[tuple[Issue, Post]]:
        return [(issue, post) for post in newest_shown(issue.thread)]

    def item_title(self, item: Any) -> str:
        _issue, post = item
        return xml_text(f"#{post.number} {post.author}")

    def item_description(self, item: Any) -> str:
        return xml_text(item[1].html)

    def item_link(self, item: Any) -> str:
        issue, post = item
        return f"{reverse('issues:detail', args=[issue.pk])}?after={max(post.number - 5, 0)}#p{post.number}"

    def item_author_name(self, item: Any) -> str:
        return xml_text(str(item[1].author))

    def item_pubdate(self, item: Any) -> datetime:
        posted_at: datetime = item[1].posted_at
        return posted_at

    def item_updateddate(self, item: Any) -> datetime:
        changed: datetime = item[1].edited_at or item[1].posted_at
        return changed


_board, _thread = BoardFeed(), ThreadFeed()


@login_not_required
@require_safe
@conditional_page
def board(request: HttpRequest) -> HttpResponse:
    """The feed of a list; unchanged since the reader's last visit is answered with 304."""
    return _answered(_board(request))


@login_not_required
@require_safe
@conditional_page
def thread(request: HttpRequest, pk: int) -> HttpResponse:
    """The feed of a thread; unchanged since the reader's last visit is answered with 304."""
    return _answered(_thread(request, pk=pk))


def _answered(response: HttpResponse) -> HttpResponse:
    # Django writes Last-Modified from the newest item, but a post that was hidden leaves an older one
    # behind: only the content itself (ETag) says whether something has changed.
    del response["Last-Modified"]
    response["Cache-Control"] = "public, max-age=60"
    return response
