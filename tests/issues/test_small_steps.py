"""Taking part in small steps by forms alone: react, offer a skill."""

import pytest

from issues.models import Reaction, SkillOffer
from issues.services import talk
from tests.issues.hands import page, say, send


def test_a_reaction_shows_its_count_and_ones_own_state(client, issue, person, writer):
    post = say(person(), issue)
    talk.react(actor=person(), post=post, kind="agree", wanted=True)
    send(client, issue, "posts/1/react/", kind="agree", wanted="1")
    shown = page(client, f"/issues/{issue.pk}/")
    assert 'data-reaction="agree" data-label="賛成" aria-pressed="true">賛成 2<' in shown
    send(client, issue, "posts/1/react/", kind="agree", wanted="0")
    assert Reaction.objects.filter(person=writer).count() == 0


@pytest.mark.parametrize("path", ["support/", "follow/", "posts/1/react/", "posts/1/show/"])
def test_an_address_alone_changes_nothing_and_leads_back_to_the_issue(
    client, issue, person, writer, path
):
    say(person(), issue)
    answer = client.get(f"/issues/{issue.pk}/{path}")
    assert answer["Location"].startswith(f"/issues/{issue.pk}/")
    issue.refresh_from_db()
    assert (issue.support_count, issue.follow_count) == (0, 1)


def test_a_guest_is_led_to_the_entrance_and_back(client, issue):
    shown = page(client, f"/issues/{issue.pk}/")
    assert f'href="/issues/{issue.pk}/support/"' in shown
    answer = client.get(f"/issues/{issue.pk}/support/")
    assert answer["Location"] == f"/accounts/login/?next=/issues/{issue.pk}/support/"


def test_an_offer_is_made_changed_and_taken_back(client, issue, writer):
    send(client, issue, "skill/", words="地図が作れます")
    assert "地図が作れます" in page(client, f"/issues/{issue.pk}/skill/")
    send(client, issue, "skill/", words="印刷もできます")
    assert [offer.words for offer in SkillOffer.objects.all()] == ["印刷もできます"]
    for _ in range(2):
        send(client, issue, "skill/take-back/")
    assert not SkillOffer.objects.exists()
