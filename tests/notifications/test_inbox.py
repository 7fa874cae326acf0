"""The inbox: grouped, in the reader's language, only what one may see now, and never slower for having much."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.services import keep_preferences
from issues import notices
from issues.models import Post
from issues.services import talk
from notifications import services
from notifications.kinds import audiences
from notifications.models import BroadcastReceipt, Notification
from notifications.selectors.inbox import page_of_inbox, unread_count


@pytest.fixture
def everybody_told(issue):
    """A broadcast to the whole city."""

    def tell():
        services.notify(
            notices.NEW_ISSUE, actor=None, about=issue, audience=(audiences.EVERYBODY, "")
        )

    return tell


def lines(person):
    return [(item.headline, item.count, item.is_unread) for item in page_of_inbox(person).items]


def text_of(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_an_empty_inbox_says_what_will_come(person, signed_in):
    page = text_of(signed_in(person()).get("/notifications/"))
    assert "お知らせはまだありません" in page


def test_a_guest_is_asked_to_sign_in(client):
    assert client.get("/notifications/").status_code == 302


def test_posts_in_one_issue_are_one_line_and_the_number_in_the_header_counts_lines(
    hanako, say, person, signed_in
):
    post = say(hanako)
    for _ in range(3):
        say(person(), answers=post)
    say(person())
    page = text_of(signed_in(hanako).get("/notifications/"))
    assert "「古紙の回収場所」であなたへの返信が3件あります" in page
    assert "未読 2件" in page


def test_opening_a_line_leads_there_and_marks_all_of_it_as_read(hanako, say, person, signed_in):
    for _ in range(2):
        say(person())
    newest = Notification.objects.latest("pk")
    browser = signed_in(hanako)
    answer = browser.get(f"/notifications/{newest.pk}/")
    assert answer["Location"].endswith("#p2")
    assert unread_count(hanako) == 0
    say(person())
    assert [(count, unread) for _, count, unread in lines(hanako)] == [(1, True), (2, False)]


def test_somebody_elses_line_is_not_there(hanako, say, person, signed_in):
    say(person())
    pk = Notification.objects.get().pk
    stranger = signed_in(person())
    assert stranger.get(f"/notifications/{pk}/").status_code == 404
    assert stranger.post(f"/notifications/{pk}/mute/", {"wanted": "1"}).status_code == 404
    assert unread_count(hanako) == 1


def test_what_was_hidden_or_taken_back_is_told_no_more(hanako, say, person, signed_in):
    taro = person()
    first, second = say(taro), say(taro)
    talk.withdraw(actor=taro, post=second)
    assert [count for _, count, _ in lines(hanako)] == [1]
    talk.withdraw(actor=taro, post=first)
    assert lines(hanako) == []
    pk = Notification.objects.latest("pk").pk
    assert signed_in(hanako).get(f"/notifications/{pk}/").status_code == 404


def test_a_line_is_worded_in_the_language_of_whoever_reads_it(hanako, say, person, signed_in):
    say(person(display_name="Taro"))
    keep_preferences(actor=hanako, language="en")
    assert "Taro wrote in “古紙の回収場所”" in text_of(signed_in(hanako).get("/notifications/"))


def test_everything_can_be_marked_as_read_at_once(hanako, say, person, signed_in, everybody_told):
    say(person())
    everybody_told()
    assert unread_count(hanako) == 2
    signed_in(hanako).post("/notifications/all-read/")
    assert unread_count(hanako) == 0
    assert BroadcastReceipt.objects.count() == 1


def test_a_broadcast_is_seen_by_everybody_and_writes_a_row_only_for_who_opens_it(
    person, signed_in, everybody_told
):
    taro, jiro = person(), person()
    everybody_told()
    assert unread_count(taro) == unread_count(jiro) == 1
    pk = page_of_inbox(taro).items[0].row.pk
    for _ in range(2):
        assert signed_in(taro).get(f"/notifications/broadcasts/{pk}/").status_code == 302
    assert (unread_count(taro), unread_count(jiro)) == (0, 1)
    assert BroadcastReceipt.objects.count() == 1


def test_who_joins_later_is_not_told_what_was_said_before(person, everybody_told):
    everybody_told()
    assert unread_count(person()) == 0


def test_a_thing_can_be_muted_in_the_inbox_and_brought_back(hanako, say, person, signed_in):
    say(person())
    pk = Notification.objects.get().pk
    browser = signed_in(hanako)
    assert "止めました" in text_of(
        browser.post(f"/notifications/{pk}/mute/", {"wanted": "1"}, follow=True)
    )
    say(person())
    assert (unread_count(hanako), Notification.objects.count()) == (0, 1)
    browser.post(f"/notifications/{pk}/mute/", {"wanted": "0"})
    say(person())
    assert unread_count(hanako) == 1


def many(hanako, posts, number):
    """So many notifications in so many issues, written as they stand after years."""
    now = timezone.now()
    Notification.objects.bulk_create(
        Notification(
            recipient=hanako,
            kind="issues.new_post",
            about_id=posts[index % len(posts)].pk,
            occasion=str(index),
            within_type="issues.issue",
            within_id=1_000_000 + index // 4,
            at=now - timedelta(minutes=index),
        )
        for index in range(number)
    )


def test_all_pages_together_show_each_line_once(hanako, say, person, everybody_told):
    post = say(person())
    Notification.objects.all().delete()
    many(hanako, [post], 180)
    everybody_told()
    found, after = [], ""
    while True:
        page = page_of_inbox(hanako, after=after, size=7)
        found += [(item.is_broadcast, item.row.pk) for item in page.items]
        after = page.following
        if not after:
            break
    assert len(found) == len(set(found)) == 46


def test_ten_thousand_notifications_cost_no_query_more(
    hanako, say, person, signed_in, django_assert_num_queries
):
    posts = [say(person()) for _ in range(3)]
    browser = signed_in(hanako)
    browser.get("/notifications/")
    with django_assert_num_queries(9):
        browser.get("/notifications/")
    many(hanako, posts, 10_000)
    with django_assert_num_queries(9):
        page = browser.get("/notifications/")
    assert "99+" in page.content.decode()


@pytest.mark.parametrize("cursor", ["x", "W10", "bnVsbA", "あ", "WyIyMDI2LTAxLTAxIiwxLDFd"])
def test_a_cursor_that_is_none_of_ours_is_refused_politely(person, signed_in, cursor):
    answer = signed_in(person()).get("/notifications/", {"after": cursor})
    assert answer.status_code == 400


def test_a_kind_that_was_given_up_disturbs_nobody(hanako, say, person):
    say(person())
    Notification.objects.update(kind="issues.long_gone")
    assert lines(hanako) == []
    assert Post.objects.exists()
