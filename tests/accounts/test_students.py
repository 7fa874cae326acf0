"""Students: who can read mail at a Japanese university."""

import pytest
from django.core import mail

from accounts import rules
from accounts.models import StudentAddress, User
from accounts.services import is_student_address
from tests.accounts.hands import (
    code_in,
    enter_code,
    errors_of,
    join_by_email,
    last_mail,
    visitor,
)

ADDRESS = "kenta@stu.kanazawa-u.ac.jp"


@pytest.mark.parametrize(
    ("address", "is_one"),
    [
        ("kenta@kanazawa-u.ac.jp", True),
        ("kenta@stu.kanazawa-u.ac.jp", True),
        ("KENTA@STU.KANAZAWA-U.AC.JP", True),
        ("kenta@ac.jp", True),
        ("kenta@evil-ac.jp", False),
        ("kenta@evilac.jp", False),
        ("kenta@ac.jp.evil.com", False),
        ("kenta@kanazawa-u.ac.jp.evil.com", False),
        ("ac.jp@evil.com", False),
        ("kenta@x.ac.jp@evil.com", False),
        ("kenta@ac.jpx", False),
        ("kenta", False),
        ("", False),
    ],
)
def test_students_are_known_by_the_domain_of_their_address(address, is_one):
    assert is_student_address(address) is is_one


def test_the_list_of_domains_is_a_setting(settings):
    settings.STUDENT_EMAIL_DOMAINS = ["kosen.example.jp", ".uni.example"]
    assert is_student_address("a@kosen.example.jp")
    assert is_student_address("a@law.uni.example")
    assert not is_student_address("a@kanazawa-u.ac.jp")


def test_whoever_joins_with_an_address_of_a_university_is_a_student(db):
    browser = visitor()
    join_by_email(browser, ADDRESS)
    assert not rules.is_student(User.objects.get())
    enter_code(browser, code_in(last_mail()), "/accounts/confirm-email/")
    assert rules.is_student(User.objects.get())


def test_somebody_with_another_address_confirms_that_they_study(known, signed_in):
    kenta = known("kenta@example.jp")
    browser = signed_in(kenta)
    browser.post("/me/student/", {"address": "ｋｅｎｔａ＠stu.kanazawa-u.ac.jp"})
    assert last_mail().to == [ADDRESS]
    enter_code(browser, code_in(last_mail()), "/me/student/code/")
    kenta = User.objects.get()
    assert rules.is_student(kenta)
    assert kenta.email == "kenta@example.jp"


def test_an_address_of_no_university_is_refused_beside_the_field(person, signed_in):
    response = signed_in(person()).post("/me/student/", {"address": "kenta@evil-ac.jp"})
    assert errors_of(response, "address")
    assert mail.outbox == []


def test_a_guessed_code_makes_nobody_a_student(person, signed_in):
    kenta = person()
    browser = signed_in(kenta)
    browser.post("/me/student/", {"address": ADDRESS})
    right = code_in(last_mail())
    wrong = right[:-1] + str((int(right[-1]) + 1) % 10)
    for _attempt in range(5):
        enter_code(browser, wrong, "/me/student/code/")
    enter_code(browser, right, "/me/student/code/")
    assert not rules.is_student(User.objects.get(pk=kenta.pk))


def test_a_code_for_one_thing_opens_no_other(known, signed_in):
    """Whoever finds an open session has a code sent to an address of their own, and tries it elsewhere."""
    known("kenta@example.jp", password=None)
    browser = signed_in(User.objects.get())
    browser.post("/me/student/", {"address": "thief@kanazawa-u.ac.jp"})
    enter_code(browser, code_in(last_mail()), "/me/confirm/")
    assert browser.get("/me/leave/confirm/").status_code == 302


def test_one_address_makes_one_student(person, signed_in):
    first, second = person(), person()
    for one in (first, second):
        browser = signed_in(one)
        browser.post("/me/student/", {"address": ADDRESS})
        enter_code(browser, code_in(last_mail()), "/me/student/code/")
    assert rules.is_student(User.objects.get(pk=first.pk))
    assert not rules.is_student(User.objects.get(pk=second.pk))
    assert StudentAddress.objects.count() == 1
