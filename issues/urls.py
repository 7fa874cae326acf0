"""Addresses of the board."""

from django.urls import path

from issues.views import compose, drafts, feeds, issue, lists, saved, talk
from issues.views import map as on_map

app_name = "issues"
urlpatterns = [
    path("", lists.index, name="index"),
    path("near/", lists.near, name="near"),
    path("tags/", lists.tags, name="tags"),
    path("tags/<str:slug>/", lists.tag, name="tag"),
    path("places/<int:pk>/", lists.place, name="place"),
    path("map/", on_map.show, name="map"),
    path("pins.json", on_map.pins, name="pins"),
    path("feed/", feeds.board, name="feed"),
    path("saved/", saved.index, name="saved"),
    path("saved/new/", saved.save, name="save_filter"),
    path("saved/<int:pk>/", saved.change, name="change_saved"),
    path("saved/<int:pk>/delete/", saved.delete, name="delete_saved"),
    path("new/", compose.raise_issue, name="raise"),
    path("new/similar/", compose.similar, name="similar"),
    path("new/places/", compose.places, name="places"),
    path("drafts/", drafts.index, name="drafts"),
    path("drafts/save/", drafts.save, name="save_draft"),
    path("drafts/<int:pk>/discard/", drafts.discard, name="discard_draft"),
    path("<int:pk>/", issue.detail, name="detail"),
    path("<int:pk>/feed/", feeds.thread, name="thread_feed"),
    path("<int:pk>/edit/", compose.edit_issue, name="edit"),
    path("<int:pk>/versions/", compose.versions, name="versions"),
    path("photos/<int:pk>/", issue.photo, name="photo"),
    path("<int:pk>/support/", issue.support, name="support"),
    path("<int:pk>/follow/", issue.follow, name="follow"),
    path("<int:pk>/skill/", issue.offer_skill, name="offer_skill"),
    path("<int:pk>/stage/", issue.change_stage, name="change_stage"),
    path("<int:pk>/official-answer/", issue.answer_officially, name="answer_officially"),
    path("<int:pk>/posts/", talk.post, name="post"),
    path("<int:pk>/read/", talk.mark_read, name="mark_read"),
    path("<int:pk>/posts/<int:number>/reply/", talk.reply, name="reply"),
    path("<int:pk>/posts/<int:number>/react/", talk.react, name="react"),
    path("<int:pk>/posts/<int:number>/edit/", talk.edit, name="edit_post"),
    path("<int:pk>/posts/<int:number>/withdraw/", talk.withdraw, name="withdraw"),
    path("<int:pk>/posts/<int:number>/hide/", talk.hide, name="hide"),
    path("<int:pk>/posts/<int:number>/show/", talk.show_again, name="show_again"),
]
