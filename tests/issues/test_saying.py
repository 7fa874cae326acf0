"""Saying something by forms alone: replies, quotes, photos, changes; what was typed is never lost."""

import uuid

import pytest

from core.errors import NotFound, TooMany
from issues.models import Photo, Post, Thread
from issues.services import issues as acts
from issues.services import parts, talk
from tests.core.test_photos import picture, saved
from tests.issues.hands import page, say, send

# --- replies and quotes -----------------------------------------------------------------------------


def test_a_reply_names_what_it_answers_and_leads_there(client, issue, person, writer):
    say(person(display_name="山田"), issue, "回収日は土曜です。")
    form = page(client, f"/issues/{issue.pk}/posts/1/reply/")
    assert "回収日は土曜です。" in form
    answer = send(client, issue, source="助かります。", answers=1)
    assert answer["Location"] == f"/issues/{issue.pk}/?post=2#post-2"
    shown = page(client, f"/issues/{issue.pk}/")
    assert "山田さん #1 への返信" in shown
    assert f'href="/issues/{issue.pk}/posts/1/"' in shown


def test_a_quote_is_shown_in_the_form_and_above_the_post(client, issue, person, writer):
    say(person(display_name="山田"), issue, "土曜の**朝**です。\n- 紙")
    form = page(client, f"/issues/{issue.pk}/posts/1/quote/")
    assert "土曜の朝です。 紙" in form
    assert 'name="quotes" value="1"' in form
    send(client, issue, source="朝は何時ですか。", quotes=1)
    shown = page(client, f"/issues/{issue.pk}/")
    assert shown.count("土曜の朝です。 紙") == 1
    assert "山田さんの投稿 #1" in shown


@pytest.mark.parametrize("act", ["hide", "withdraw"])
def test_a_quote_of_what_is_gone_shows_that_and_never_the_words(
    client, issue, person, facilitator, act
):
    author = person()
    first = say(author, issue, "ひどい言葉")
    say(person(), issue, "それはちょっと", quotes=first)
    say(person(), issue, "同感です", answers=first)
    assert "ひどい言葉" in page(client, f"/issues/{issue.pk}/")
    if act == "hide":
        talk.hide(actor=facilitator, post=first, reason="悪口")
    else:
        talk.withdraw(actor=author, post=first)
    assert "ひどい言葉" not in page(client, f"/issues/{issue.pk}/")
    client.force_login(facilitator)
    assert "ひどい言葉" not in page(client, f"/issues/{issue.pk}/")
    assert page(client, f"/issues/{issue.pk}/posts/1/quote/", status=404)


def test_what_is_no_longer_shown_cannot_be_quoted(client, issue, person, facilitator, writer):
    first = talk.hide(actor=facilitator, post=say(person(), issue, "ひどい言葉"), reason="悪口")
    with pytest.raises(NotFound):
        say(person(), issue, quotes=first)
    answer = send(client, issue, source="残してほしい文章", quotes=1)
    assert answer.status_code == 404
    assert "残してほしい文章" in answer.content.decode()
    assert "ひどい言葉" not in answer.content.decode()


def test_a_post_of_another_talk_cannot_be_quoted(issue, person, words):
    other = acts.raise_issue(actor=person(), words=words(), key=uuid.uuid4())
    with pytest.raises(NotFound):
        say(person(), issue, quotes=say(person(), other))


@pytest.mark.parametrize("number", [0, 2, -1, 10**20, "x"])
@pytest.mark.parametrize("field", ["answers", "quotes"])
def test_a_post_that_does_not_exist_is_neither_answered_nor_quoted(
    client, issue, person, writer, field, number
):
    say(person(), issue)
    answer = send(client, issue, source="残してほしい文章", **{field: number})
    assert answer.status_code in (302, 404, 422)
    assert Post.objects.filter(author=writer, **{f"{field}__isnull": False}).count() == 0
    if answer.status_code != 302:
        assert "残してほしい文章" in answer.content.decode()


# --- words ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "status"),
    [
        ("あ" * 5000, 302),
        ("あ" * 4998 + "\r\n" + "あ", 302),
        ("あ" * 5001, 422),
        ("", 422),
        ("\u200b", 400),
        ("\x00", 422),
        ("はい\x00", 422),
    ],
)
def test_a_post_has_words_and_an_end(client, issue, writer, source, status):
    assert send(client, issue, source=source).status_code == status
    assert Post.objects.count() == (1 if status == 302 else 0)


def test_marks_that_turn_text_around_do_not_reach_the_page(client, issue, writer):
    send(client, issue, source="左\u202eから\u200f右\u2066へ")
    assert Post.objects.get().source == "左から右へ"


@pytest.mark.parametrize(
    "source", ["[" * 5000, "*" * 5000, "> " * 2500, "- " * 2500, "![](" * 1250]
)
def test_a_markdown_bomb_is_a_post_like_any_other(client, issue, writer, source):
    assert send(client, issue, source=source).status_code == 302
    assert page(client, f"/issues/{issue.pk}/")


def test_a_double_press_is_one_post(client, issue, writer):
    key = str(uuid.uuid4())
    for _ in range(2):
        assert send(client, issue, source="はい", key=key).status_code == 302
    assert Post.objects.count() == 1


# --- what was typed is never lost -------------------------------------------------------------------


def test_who_was_signed_out_while_writing_finds_the_text_after_signing_in(client, issue, person):
    answer = send(client, issue, source="長い時間をかけた文章")
    assert answer["Location"] == f"/accounts/login/?next=/issues/{issue.pk}/posts/"
    assert not Post.objects.exists()
    writer = person()
    client.force_login(writer)
    form = page(client, f"/issues/{issue.pk}/posts/")
    assert "長い時間をかけた文章" in form
    assert "書いた文章は残っています" in form
    # Given out once: another look shows no old words.
    assert client.get(f"/issues/{issue.pk}/posts/").status_code == 302


def test_the_kept_text_is_for_the_form_that_it_was_typed_in(client, issue, person, words):
    other = acts.raise_issue(actor=person(), words=words(), key=uuid.uuid4())
    send(client, issue, source="こちらの話")
    client.force_login(person())
    assert client.get(f"/issues/{other.pk}/posts/").status_code == 302
    assert "こちらの話" in page(client, f"/issues/{issue.pk}/posts/")


def test_a_change_that_was_typed_survives_signing_in_too(client, issue, writer):
    say(writer, issue, "はじめ")
    client.logout()
    send(client, issue, "posts/1/edit/", source="書き直した文", seen_source="はじめ")
    client.force_login(writer)
    assert "書き直した文" in page(client, f"/issues/{issue.pk}/posts/1/edit/")
    assert Post.objects.get().source == "はじめ"


def test_a_closed_talk_gives_the_text_back(client, issue, writer):
    Thread.objects.update(is_open=False)
    answer = send(client, issue, source="もう遅かった文章")
    assert answer.status_code == 403
    assert "もう遅かった文章" in answer.content.decode()
    assert "読むことはできます" in answer.content.decode()


def test_a_limit_gives_the_text_back(client, issue, writer, monkeypatch):
    def too_often(**_):
        raise TooMany

    monkeypatch.setattr(talk, "post", too_often)
    answer = send(client, issue, source="急いで書いた文章")
    assert answer.status_code == 429
    assert "急いで書いた文章" in answer.content.decode()


# --- photos -----------------------------------------------------------------------------------------


def test_a_post_carries_photos_each_with_its_words(client, issue, writer):
    files = [saved(picture(), "JPEG"), saved(picture(), "PNG")]
    send(client, issue, source="写真です", photos=files, photo_words="坂の上\r\n\r\n坂の下\r\n余り")
    assert [photo.words for photo in Photo.objects.all()] == ["坂の上", "坂の下"]
    shown = page(client, f"/issues/{issue.pk}/")
    assert 'alt="坂の上"' in shown
    photo = Photo.objects.get(words="坂の上")
    assert client.get(f"/issues/photos/{photo.pk}/")["Content-Type"] == "image/jpeg"


@pytest.mark.parametrize("state", [Post.State.HIDDEN, Post.State.WITHDRAWN])
def test_photos_of_what_is_gone_are_not_served_and_not_kept_by_caches(client, issue, writer, state):
    send(client, issue, source="写真です", photos=[saved(picture(), "JPEG")], photo_words="人の顔")
    address = f"/issues/photos/{Photo.objects.get().pk}/"
    for large in ("", "?large=1"):
        assert "private" in client.get(address + large)["Cache-Control"]
    Post.objects.update(state=state)
    for large in ("", "?large=1"):
        assert client.get(address + large).status_code == 404
    assert "人の顔" not in page(client, f"/issues/{issue.pk}/")


@pytest.mark.parametrize(
    "files", [[b"<svg onload=alert(1)>"], [b"\xff\xd8\xff\xe0 broken"], [b"\x00"] * 7]
)
def test_what_is_no_photo_is_refused_and_the_words_stay(client, issue, writer, files):
    from django.core.files.uploadedfile import SimpleUploadedFile

    uploads = [SimpleUploadedFile("photo.jpg", content, "image/jpeg") for content in files]
    answer = send(client, issue, source="残してほしい文章", photos=uploads)
    assert answer.status_code == 422
    assert "残してほしい文章" in answer.content.decode()
    assert "写真はもう一度選んでください" in answer.content.decode()
    assert not Post.objects.exists()


# --- changes ----------------------------------------------------------------------------------------


def test_everybody_reads_how_a_post_was_changed(client, issue, person):
    author = person()
    post = say(author, issue, "はじめの言葉")
    talk.edit(actor=author, post=post, source="つぎの言葉")
    talk.edit(actor=author, post=post, source="いまの言葉")
    assert f"/issues/{issue.pk}/posts/1/versions/" in page(client, f"/issues/{issue.pk}/")
    shown = page(client, f"/issues/{issue.pk}/posts/1/versions/")
    assert shown.index("いまの言葉") < shown.index("つぎの言葉") < shown.index("はじめの言葉")


def test_many_changes_are_read_page_by_page(client, issue, person):
    author = person()
    post = say(author, issue, "0番目")
    for number in range(1, 46):
        talk.edit(actor=author, post=post, source=f"{number}番目")
    seen: list[str] = []
    query: dict[str, int] = {}
    while query or not seen:
        response = client.get(f"/issues/{issue.pk}/posts/1/versions/", query)
        seen += [version.source for version in response.context["versions"]]
        query = {"before": response.context["earlier"]} if response.context["earlier"] else {}
    assert seen == [f"{number}番目" for number in range(44, -1, -1)]


def test_what_a_hidden_post_said_is_read_by_its_author_and_those_who_moderate(
    client, issue, person, facilitator
):
    author = person()
    post = say(author, issue, "ひどい言葉")
    talk.edit(actor=author, post=post, source="もっとひどい言葉")
    talk.hide(actor=facilitator, post=post, reason="悪口")
    address = f"/issues/{issue.pk}/posts/1/versions/"
    assert "ひどい言葉" not in page(client, address, status=404)
    client.force_login(person())
    assert "ひどい言葉" not in page(client, address, status=404)
    for somebody in (author, facilitator):
        client.force_login(somebody)
        assert "もっとひどい言葉" in page(client, address)


def test_what_was_withdrawn_nobody_reads_again(client, issue, person, facilitator):
    author = person()
    post = say(author, issue, "やめた言葉")
    talk.edit(actor=author, post=post, source="やめた言葉2")
    talk.withdraw(actor=author, post=post)
    for somebody in (author, facilitator):
        client.force_login(somebody)
        assert "やめた言葉" not in page(client, f"/issues/{issue.pk}/posts/1/versions/", status=404)


def test_two_windows_that_change_one_post_show_both_versions(client, issue, writer):
    say(writer, issue, "はじめ")
    send(client, issue, "posts/1/edit/", source="一つ目の窓", seen_source="はじめ")
    answer = send(client, issue, "posts/1/edit/", source="二つ目の窓", seen_source="はじめ")
    assert answer.status_code == 409
    shown = answer.content.decode()
    assert "一つ目の窓" in shown
    assert "二つ目の窓" in shown
    assert Post.objects.get().source == "一つ目の窓"
    send(client, issue, "posts/1/edit/", source="二つ目の窓", seen_source="一つ目の窓")
    assert Post.objects.get().source == "二つ目の窓"


def test_a_text_of_several_lines_is_changed_without_a_false_alarm(client, issue, writer):
    say(writer, issue, "一行目\n二行目")
    answer = send(
        client, issue, "posts/1/edit/", source="一行目\r\n別の行", seen_source="一行目\r\n二行目"
    )
    assert answer.status_code == 302
    assert Post.objects.get().source == "一行目\n別の行"


def test_deleting_asks_first(client, issue, writer):
    say(writer, issue, "消すかもしれない")
    shown = page(client, f"/issues/{issue.pk}/posts/1/withdraw/")
    assert "削除しますか" in shown
    assert Post.objects.get().state == Post.State.SHOWN
    send(client, issue, "posts/1/withdraw/")
    assert Post.objects.get().state == Post.State.WITHDRAWN


def test_somebody_elses_post_is_neither_changed_nor_deleted(client, issue, person, writer):
    say(person(), issue, "他人の言葉")
    for path in ("posts/1/edit/", "posts/1/withdraw/"):
        assert client.get(f"/issues/{issue.pk}/{path}").status_code == 403
        assert send(client, issue, path, source="書き換え").status_code == 403
    assert Post.objects.get().source == "他人の言葉"


def test_the_author_reads_why_and_others_only_that(client, issue, person, facilitator):
    author = person()
    say(author, issue, "ひどい言葉")
    client.force_login(facilitator)
    assert send(client, issue, "posts/1/hide/", reason=" ").status_code == 422
    send(client, issue, "posts/1/hide/", reason="名前をさらすため")
    assert "名前をさらすため" in page(client, f"/issues/{issue.pk}/")
    client.force_login(author)
    assert "名前をさらすため" in page(client, f"/issues/{issue.pk}/")
    client.force_login(person())
    shown = page(client, f"/issues/{issue.pk}/")
    assert "名前をさらすため" not in shown
    assert "見えないようにしました" in shown
    assert send(client, issue, "posts/1/show/").status_code == 403
    client.force_login(facilitator)
    send(client, issue, "posts/1/show/")
    assert "ひどい言葉" in page(client, f"/issues/{issue.pk}/")


# --- cost -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [3, 60])
def test_a_talk_costs_the_same_with_quotes_photos_replies_and_mentions(
    client, issue, person, facilitator, count, django_assert_num_queries
):
    from core.photos import cleaned

    reader = person()
    first = say(facilitator, issue, "はじめ")
    photo = cleaned(saved(picture(), "JPEG"))
    for number in range(count - 1):
        post = say(
            person(f"speaker{number}"),
            issue,
            f"@speaker{number - 1} さん",
            answers=first if number % 2 else None,
            quotes=None if number % 2 else first,
            photos=[(photo, "坂")],
        )
        talk.react(actor=reader, post=post, kind="thanks", wanted=True)
        first = post if number % 5 == 0 else first
    parts.support(actor=reader, issue=issue, wanted=True)
    client.force_login(reader)
    client.cookies["scripts"] = "1"
    with django_assert_num_queries(19):
        client.get(f"/issues/{issue.pk}/")
