"""What stands in the addresses of the board: the issue of the demo city that is talked about most."""

from typing import Any

from issues.models import Issue, IssueDraft, SavedFilter, Tag
from tests.support.addresses import leads_to_something


def _talked_about() -> int:
    return Issue.objects.order_by("-thread__post_count", "pk").values_list("pk", flat=True)[0]


def an_issue() -> dict[str, Any]:
    return {"pk": _talked_about()}


def a_post() -> dict[str, Any]:
    return {"pk": _talked_about(), "number": 1}


@leads_to_something("live:events")
def a_thread() -> dict[str, Any]:
    return {"kind": "thread", "key": Issue.objects.get(pk=_talked_about()).thread_id}


@leads_to_something("issues:discard_draft")
def a_draft() -> dict[str, Any]:
    return {"pk": IssueDraft.objects.earliest("pk").pk}


for name in (
    "detail",
    "edit",
    "versions",
    "photo",
    "support",
    "follow",
    "offer_skill",
    "change_stage",
    "answer_officially",
    "post",
    "mark_read",
    "thread_feed",
):
    leads_to_something(f"issues:{name}")(an_issue)
for name in ("reply", "react", "edit_post", "withdraw", "hide", "show_again"):
    leads_to_something(f"issues:{name}")(a_post)


@leads_to_something("issues:tag")
def a_tag() -> dict[str, Any]:
    return {"slug": Tag.objects.earliest("pk").slug}


@leads_to_something("issues:place")
def a_place() -> dict[str, Any]:
    return {"pk": Issue.objects.exclude(place=None).earliest("pk").place_id}


@leads_to_something("issues:change_saved")
@leads_to_something("issues:delete_saved")
def a_saved_filter() -> dict[str, Any]:
    return {"pk": SavedFilter.objects.earliest("pk").pk}
