"""What people send that is no issue: a message beside the field, nothing half written, what was typed kept."""

import uuid
from io import BytesIO

import pytest
from PIL import Image

from issues.models import Issue, Photo, Tag, Thread
from tests.core.test_photos import picture, saved

BOMB = saved(Image.new("1", (20_000, 10_000)), "PNG").getvalue()
JPEG = saved(picture(), "JPEG").getvalue()


def file(content: bytes, name: str = "photo.jpg") -> BytesIO:
    made = BytesIO(content)
    made.name = name
    return made


@pytest.fixture
def entries(client, person, category):
    client.force_login(person())
    return {
        "key": str(uuid.uuid4()),
        "title": "歩道の雪",
        "question": "だれと、何時までに？",
        "text": "朝の通学に間に合いません。",
        "category": category.pk,
    }


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("title", {"title": ""}),
        ("title", {"title": "\u200b\u202e \x07"}),
        ("title", {"title": "題" * 81}),
        ("title", {"title": "a\x00b"}),
        ("question", {"question": "\u3000\u3000"}),
        ("text", {"text": "あ" * 10_001}),
        ("text", {"text": "\u200b\r\n\u200b"}),
        ("category", {"category": "4711"}),
        ("category", {"category": "x"}),
        ("place", {"place": "999999999999"}),
        ("place", {"place": "9" * 40}),
        ("place", {"latitude": "91", "longitude": "136"}),
        ("place", {"latitude": "51.5", "longitude": "0.1"}),
        ("place", {"latitude": "36.5"}),
        ("place", {"latitude": "NaN", "longitude": "136"}),
        ("place", {"latitude": "x", "longitude": "136"}),
        ("place", {"latitude": "1e400", "longitude": "136"}),
        ("postal_code", {"postal_code": "920-09"}),
        ("postal_code", {"postal_code": "九二〇"}),
        ("tags", {"tags": "あ" * 500}),
        ("tags", {"tags": "あ" * 31}),
        ("tags", {"tags": " ".join("abcdefghi")}),
        ("wanted_by", {"wanted_by": "2020-01-01"}),
        ("wanted_by", {"wanted_by": "あした"}),
        ("decided_by", {"decided_by": "人" * 101}),
        ("photos", {"photos": [file(JPEG) for _ in range(7)]}),
        ("photos", {"photos": file(BOMB, "photo.png")}),
        ("photos", {"photos": file(b"<html><script>alert(1)</script>")}),
        ("photos", {"photos": file(b'<svg xmlns="http://www.w3.org/2000/svg" onload="x"/>')}),
        ("photos", {"photos": file(b"GIF89a/*<script>*/=1;" + b"\x00" * 90)}),
        ("photos", {"photos": file(b"\x00\x00\x00\x18ftypheic" + b"\x00" * 300, "IMG_1.HEIC")}),
        ("photos", {"photos": file(JPEG[:120])}),
        ("photos", {"photos": file(b"")}),
        ("photos", {"photos": [file(JPEG), file(b"%PDF-1.7")]}),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(client, entries, field, wrong):
    answer = client.post("/issues/new/", entries | wrong, headers={"accept-language": "ja"})
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {field}
    shown = answer.content.decode()
    assert str(next(iter(answer.context["form"].errors[field]))) in shown
    if "question" not in wrong:
        assert entries["question"] in shown
    for model in (Issue, Photo, Tag, Thread):
        assert not model.objects.exists()


def test_a_picture_with_a_page_behind_it_is_kept_as_the_picture_alone(client, entries):
    polyglot = file(JPEG + b"<script>alert(1)</script>")
    assert client.post("/issues/new/", entries | {"photos": polyglot}).status_code == 302
    photo = Photo.objects.get()
    answer = client.get(f"/issues/photos/{photo.pk}/", {"large": "1"})
    assert b"<script>" not in b"".join(answer.streaming_content)
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "bomb",
    ["> " * 4_000 + "a", "*" * 9_999, "[" * 9_999, "- " * 4_999, "[a](b" * 1_900, "**a*" * 2_400],
)
def test_a_markdown_bomb_is_a_text_like_any_other(client, entries, bomb):
    answer = client.post("/issues/new/", entries | {"text": bomb})
    assert answer.status_code == 302
    page = client.get(answer["Location"])
    assert page.status_code == 200
    assert page.content.count(b"<blockquote>") < 10


def test_signs_that_show_nothing_are_taken_out_and_the_rest_stays(client, entries):
    client.post(
        "/issues/new/", entries | {"title": "雪\u202eの\x07道\r\n\t", "text": "一\x1b[2J\r\n二"}
    )
    issue = Issue.objects.get()
    assert (issue.title, issue.text) == ("雪の道", "一[2J\n二")


def test_lines_of_words_go_to_the_photos_in_their_order(client, entries):
    client.post(
        "/issues/new/",
        entries | {"photos": [file(JPEG), file(JPEG)], "photo_words": "箱\r\n\r\n余り"},
    )
    assert [photo.words for photo in Photo.objects.all()] == ["箱", ""]


@pytest.mark.parametrize("typed", ["9200935", "９２０－０９３５", "〒920-0935", "920ー0935"])
def test_a_postal_code_in_any_width_is_understood(client, entries, typed):
    assert client.post("/issues/new/", entries | {"postal_code": typed}).status_code == 302


@pytest.mark.parametrize("typed", ["", "x", "9" * 500, "%", "９２０"])
def test_looking_up_nonsense_finds_no_place_and_breaks_nothing(client, entries, typed):
    answer = client.get("/issues/new/places/", {"postal_code": typed})
    assert answer.json()["places"] == []
    assert client.get("/issues/new/", {"title": typed * 300}).status_code == 200
    assert client.get("/issues/new/", {"draft": typed}).status_code == 404
