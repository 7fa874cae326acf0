"""Me too, follow, offer a skill."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from core.errors import DomainError, NotAllowed
from issues.models import Issue
from issues.services import parts


@pytest.mark.parametrize(
    ("act", "counter", "base"),
    [(parts.support, "support_count", 0), (parts.follow, "follow_count", 1)],
)
def test_saying_it_twice_counts_once_and_taking_it_back_counts_back(
    issue, person, act, counter, base
):
    fan = person()
    for wanted, count in ((True, 1), (True, 1), (False, 0), (False, 0)):
        act(actor=fan, issue=issue, wanted=wanted)
        assert getattr(Issue.objects.get(), counter) == base + count


def test_support_warms_an_issue(issue, person):
    parts.support(actor=person(), issue=issue, wanted=True)
    assert Issue.objects.get().heat > issue.heat


def test_a_guest_takes_no_part(issue):
    guest: Any = AnonymousUser()
    for act in (parts.support, parts.follow):
        with pytest.raises(NotAllowed):
            act(actor=guest, issue=issue, wanted=True)


def test_a_second_offer_replaces_the_first(issue, person):
    helper = person()
    parts.offer_skill(actor=helper, issue=issue, words="地図が作れます")
    parts.offer_skill(actor=helper, issue=issue, words="印刷もできます")
    assert [offer.words for offer in issue.skill_offers.all()] == ["印刷もできます"]
    with pytest.raises(DomainError):
        parts.offer_skill(actor=helper, issue=issue, words="  ")
