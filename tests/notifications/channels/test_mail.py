"""By e-mail: what arrives at a real mail server, and what becomes of a mail when that server fails."""

import re
import time
from email.message import EmailMessage
from html.parser import HTMLParser
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from notifications.models import MailTrouble
from notifications.services import channels
from notifications.services.channels import Result
from notifications.services.channels.email import message_id
from tests.notifications.channels.conftest import outgoing

# What is said to the other side no database changes.
pytestmark = [pytest.mark.once, pytest.mark.django_db]

UNSUBSCRIBE = "https://yoriai.example.lg.jp/notifications/unsubscribe/token/"


def send(*messages):
    return list(channels.adapter("email").send(messages))


def part(mail: EmailMessage, kind: str) -> str:
    found = mail.get_body((kind,))
    assert found is not None
    return str(found.get_content())


class Tags(HTMLParser):
    """Every tag with its attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_a_mail_arrives_as_text_and_as_html_that_say_the_same(smtp):
    assert send(outgoing("hanako@example.jp")) == [Result("sent")]
    [mail] = smtp.mails
    # A long line may go on below (RFC 5322 section 2.2.3).
    assert mail["Subject"].strip() == "[よりあい] 用水路の清掃について"
    assert mail["To"] == "hanako@example.jp"
    assert mail["From"].addresses[0].display_name == "よりあい"
    assert mail.get_content_type() == "multipart/alternative"
    kinds = [one.get_content_type() for one in mail.iter_parts()]
    # The last one is what mail programs like best (RFC 2046 section 5.1.4).
    assert kinds == ["text/plain", "text/html"]
    for text in (part(mail, "plain"), part(mail, "html")):
        assert "12月5日(土) 10:00 に集まります。" in text
        assert "http://localhost:8000/issues/1/" in text
        assert "https://yoriai.example.lg.jp/notifications/addresses/" in text
        assert not re.search(r"{{|{%|&amp;amp;", text)


def test_no_holiday_answer_is_asked_for(smtp):
    send(outgoing("hanako@example.jp"))
    assert smtp.mails[0]["Auto-Submitted"] == "auto-generated"


def test_a_mail_that_can_be_refused_says_how_with_one_click(smtp):
    send(outgoing("hanako@example.jp", unsubscribe_url=UNSUBSCRIBE))
    [mail] = smtp.mails
    assert mail["List-Unsubscribe"].strip() == f"<{UNSUBSCRIBE}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert UNSUBSCRIBE in part(mail, "plain")
    assert UNSUBSCRIBE in part(mail, "html")


def test_a_transactional_mail_offers_no_way_to_refuse_it(smtp):
    send(outgoing("hanako@example.jp"))
    [mail] = smtp.mails
    assert mail["List-Unsubscribe"] is None
    assert mail["List-Unsubscribe-Post"] is None


def test_old_mail_programs_understand_the_html(smtp):
    send(outgoing("hanako@example.jp", unsubscribe_url=UNSUBSCRIBE))
    html = part(smtp.mails[0], "html")
    tags = Tags(html).found
    names = {name for name, _attributes in tags}
    # No style sheet, no script, no picture from elsewhere, no layout that Outlook does not know.
    assert names & {"script", "link", "style", "img", "svg", "div", "iframe", "form"} == set()
    assert not re.search(r"display:\s*(flex|grid)|position:|var\(", html)
    tables = [attributes for name, attributes in tags if name == "table"]
    assert tables
    assert all(attributes.get("role") == "presentation" for attributes in tables)
    assert len(html.encode()) < 100_000  # Gmail cuts what is longer


@pytest.mark.parametrize(
    ("language", "words", "lang"),
    [
        ("en", "Read it and answer", "en"),
        ("ja", "読む・答える", "ja"),
        ("ja-easy", "読む・こたえる", "ja"),
    ],
)
def test_what_stands_around_the_message_is_in_its_language(smtp, language, words, lang):
    send(outgoing("hanako@example.jp", language=language))
    html = part(smtp.mails[0], "html")
    assert f'<html lang="{lang}">' in html
    assert words in html
    name = "Yoriai" if language == "en" else "よりあい"
    assert smtp.mails[0]["Subject"].strip().startswith(f"[{name}]")


def test_what_people_wrote_is_no_html_in_a_mail(smtp):
    send(outgoing("hanako@example.jp", subject="<b>x</b>", text="<script>alert(1)</script> & co"))
    html = part(smtp.mails[0], "html")
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; co" in html
    assert "<b>x</b>" not in html
    assert "<script>alert(1)</script> & co" in part(smtp.mails[0], "plain")


@pytest.mark.parametrize("subject", ["two\nlines", "evil\r\nBcc: everybody@example.jp"])
def test_a_subject_cannot_smuggle_in_a_header(smtp, subject):
    assert send(outgoing("hanako@example.jp", subject=subject)) == [Result("sent")]
    [mail] = smtp.mails
    assert mail["Bcc"] is None
    assert "\n" not in str(mail["Subject"])


@given(key=st.uuids(), texts=st.lists(st.text(max_size=40), min_size=2, max_size=2))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_same_delivery_has_the_same_message_id_whatever_it_says(key, texts):
    first, second = (outgoing("hanako@example.jp", key=key, text=text) for text in texts)
    assert message_id(first) == message_id(second)
    assert message_id(first) != message_id(outgoing("hanako@example.jp"))


def test_a_mail_that_is_sent_twice_is_known_as_one_by_its_message_id(smtp):
    key = uuid4()
    for _time in range(2):
        send(outgoing("hanako@example.jp", key=key))
    ids = {mail["Message-ID"] for mail in smtp.mails}
    assert ids == {f"<{key}@yoriai.example.lg.jp>"}


def test_a_batch_goes_over_one_connection(smtp):
    results = send(*(outgoing(f"person{n}@example.jp") for n in range(20)))
    assert results == [Result("sent")] * 20
    assert len(smtp.mails) == 20
    assert smtp.connections == 1


def test_more_than_a_batch_is_refused_as_a_mistake(smtp):
    with pytest.raises(ValueError, match="at most"):
        send(*[outgoing("hanako@example.jp")] * 101)


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("busy", Result("retry", "smtp_451")),
        ("locked", Result("retry", "smtp_530")),
        ("refuse", Result("dead", "smtp_554")),
        ("policy", Result("dead", "smtp_550")),
        # It may have been taken, and mail servers do not recognise a repeat.
        ("cut", Result("unknown", "cut_off")),
        ("slow", Result("unknown", "cut_off")),
        # It had not been handed over yet.
        ("gone", Result("retry", "cut_off")),
    ],
)
def test_what_becomes_of_a_mail_when_the_server_fails(smtp, mode, expected):
    smtp.mode = mode
    assert send(outgoing("hanako@example.jp")) == [expected]


def test_the_rest_of_a_batch_goes_over_a_new_connection_after_one_broke(smtp):
    smtp.mode = "cut"
    adapter = channels.adapter("email")
    # The mode is set before the second mail is handed over, as a server that was restarted.
    original = smtp.handle_DATA

    async def then_well_again(server, session, envelope):
        answer = await original(server, session, envelope)
        smtp.mode = "ok"
        return answer

    smtp.handle_DATA = then_well_again
    results = adapter.send([outgoing("one@example.jp"), outgoing("two@example.jp")])
    assert list(results) == [Result("unknown", "cut_off"), Result("sent")]
    assert smtp.connections == 2


def test_one_bad_address_spoils_nothing_for_the_others(smtp, with_mail):
    with_mail("nobody@example.jp")
    results = send(outgoing("nobody@example.jp"), outgoing("hanako@example.jp"))
    assert results == [Result("dead", "no_such_address", drop_address=True), Result("sent")]


def test_an_address_that_does_not_exist_gets_no_more_mails(smtp, with_mail):
    hanako = with_mail("Nobody@example.jp")
    smtp.mode = "nobody"
    send(outgoing("Nobody@example.jp"))
    assert channels.addresses.of("email", [hanako.pk]) == {}
    trouble = MailTrouble.objects.get()
    assert (trouble.person, trouble.kind, trouble.reason) == (hanako, "bounced", "5.1.1")


def test_a_mail_that_was_refused_for_what_it_is_says_nothing_about_the_address(smtp, with_mail):
    hanako = with_mail()
    smtp.mode = "policy"
    send(outgoing("hanako@example.jp"))
    assert channels.addresses.of("email", [hanako.pk]) == {hanako.pk: ["hanako@example.jp"]}


def test_without_a_mail_server_a_batch_waits_but_once(settings, smtp):
    settings.EMAIL_PORT = 1
    began = time.monotonic()
    results = send(*(outgoing(f"person{n}@example.jp") for n in range(50)))
    assert results == [Result("retry", "unreachable")] * 50
    assert time.monotonic() - began < 3


@pytest.mark.parametrize("address", ["no address", "a@b\nBcc: c@example.jp", "花子@"])
def test_an_address_that_is_none_is_given_up_at_once(smtp, address):
    result, other = send(outgoing(address), outgoing("hanako@example.jp"))
    assert other == Result("sent")
    assert result.state == "dead"
    assert len(smtp.mails) == 1
