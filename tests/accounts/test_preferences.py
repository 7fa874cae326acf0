"""Language and letters follow the person, not the device."""

import pytest
from django.core import mail

from accounts.models import User
from tests.accounts.hands import PASSWORD, ask_for_code, sign_in, visitor


def language_of(page: bytes) -> bytes:
    return page.split(b'lang="')[1].split(b'"')[0]


def letters_of(page: bytes) -> bytes:
    return page.split(b'data-text-size="')[1].split(b'"')[0]


@pytest.fixture
def ume(person):
    return person("ume")


def test_what_is_chosen_on_the_own_page_shows_on_a_new_phone_at_once(ume):
    first = visitor()
    sign_in(first, "ume")
    first.post("/me/display/", {"language": "ja-easy", "text_size": "largest"})
    phone = visitor()
    assert language_of(phone.get("/").content) == b"en"
    sign_in(phone, "ume")
    page = phone.get("/")
    assert language_of(page.content) == b"ja"
    assert page.headers["Content-Language"] == "ja-easy"
    assert letters_of(page.content) == b"largest"


def test_the_switches_in_the_header_are_kept_for_the_person(ume):
    browser = visitor()
    sign_in(browser, "ume")
    browser.post("/text-size/", {"size": "large"})
    browser.post("/language/", {"language": "en"})
    ume.refresh_from_db()
    assert (ume.language, ume.text_size) == ("en", "large")


def test_wishes_made_as_a_guest_become_the_persons_own(ume):
    browser = visitor()
    browser.post("/text-size/", {"size": "largest"})
    browser.post("/language/", {"language": "ja-easy"})
    sign_in(browser, "ume")
    ume.refresh_from_db()
    assert (ume.language, ume.text_size) == ("ja-easy", "largest")


def test_wishes_of_a_device_do_not_overrule_those_of_the_person(ume):
    User.objects.filter(pk=ume.pk).update(language="en", text_size="large")
    borrowed = visitor()
    borrowed.post("/text-size/", {"size": "standard"})
    borrowed.post("/language/", {"language": "ja"})
    sign_in(borrowed, "ume")
    page = borrowed.get("/").content
    assert (language_of(page), letters_of(page)) == (b"en", b"large")


def test_the_next_person_at_the_same_device_is_not_changed(ume, person):
    User.objects.filter(pk=ume.pk).update(language="en", text_size="largest")
    fumi = person("fumi")
    User.objects.filter(pk=fumi.pk).update(language="ja", text_size="standard")
    browser = visitor()
    sign_in(browser, "ume")
    browser.get("/")
    browser.post("/accounts/logout/")
    sign_in(browser, "fumi")
    browser.get("/")
    fumi.refresh_from_db()
    assert (fumi.language, fumi.text_size) == ("ja", "standard")


def test_mails_come_in_the_language_of_whoever_reads_them(known):
    hanako = known("hanako@example.jp")
    User.objects.filter(pk=hanako.pk).update(language="en")
    japanese = visitor(**{"accept-language": "ja"})
    ask_for_code(japanese, "hanako@example.jp")
    assert mail.outbox[-1].subject.startswith("[Yoriai]")
    User.objects.filter(pk=hanako.pk).update(language="ja")
    ask_for_code(visitor(), "hanako@example.jp")
    assert mail.outbox[-1].subject.startswith("[よりあい]")


@pytest.mark.parametrize(
    "wrong",
    [
        {"language": "tlh", "text_size": "large"},
        {"language": "ja", "text_size": "gigantic"},
        {"language": "", "text_size": ""},
        {},
    ],
)
def test_what_is_not_offered_is_not_taken(ume, wrong):
    browser = visitor()
    sign_in(browser, "ume")
    browser.post("/me/display/", wrong or {"x": "y"})
    browser.cookies["text_size"] = "gigantic"
    browser.cookies["django_language"] = "tlh"
    assert browser.get("/").status_code == 200
    ume.refresh_from_db()
    assert (ume.language, ume.text_size) == ("", "")


def test_a_page_costs_no_writing_when_nothing_changes(ume, django_assert_max_num_queries):
    browser = visitor()
    browser.post("/text-size/", {"size": "large"})
    browser.post("/accounts/login/", {"login": "ume", "password": PASSWORD})
    browser.get("/accessibility/")
    # The session, the person, and how many of their notices are unread.
    with django_assert_max_num_queries(3):
        browser.get("/accessibility/")
