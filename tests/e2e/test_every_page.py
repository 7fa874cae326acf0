"""Every page in every role on a phone: it answers, it is sound, and axe-core finds nothing.

Pages come from the resolver; those with arguments from what rooms register (``tests/support/addresses.py``).
"""

import re

import pytest
from playwright.sync_api import Page

from accounts.demo import PEOPLE
from tests.e2e.conftest import GUEST
from tests.support.addresses import all_addresses, things
from tests.support.browser import PHONE, Complaints, accessibility_faults

pytestmark = [pytest.mark.browser, pytest.mark.once]

ROLES = [GUEST, *(person.username for person in PEOPLE)]
# Addresses with arguments that nobody can walk to, each with the reason.
NOT_WALKED: dict[str, str] = {
    "mfa_edit_webauthn": "it needs a passkey that a device has made: tests/accounts looks at it",
    "mfa_remove_webauthn": "it needs a passkey that a device has made: tests/accounts looks at it",
}
PAGES = [
    address
    for address in all_addresses()
    # Django's administration is not our work: operators use it at a desk, and its pages are Django's own.
    if not address.route.startswith("admin/") and address.name not in NOT_WALKED
]
# 401 is what the page says to whom LINE or Google did not let in.
REFUSALS = {401, 403, 404}


def test_every_address_with_arguments_has_something_registered_to_look_at():
    asked_for = {address.name for address in PAGES if address.has_arguments}
    assert asked_for - set(things()) == set()


@pytest.mark.parametrize("address", PAGES, ids=str)
@pytest.mark.parametrize("role", ROLES)
def test_a_page_is_sound_on_a_phone(role, address, demo_city, visit, complaints):
    path = demo_city.paths[address.name] if address.has_arguments else address.path
    page = visit(role, width=PHONE)
    answer = page.request.get(path, max_redirects=0)
    assert answer.status < 500 or address.name == "core:readyz"
    # A page that leads on is looked at where it leads to.
    if answer.status == 405 or 300 <= answer.status < 400 or not is_html(answer.headers):
        return
    if answer.status >= 400:
        assert answer.status in REFUSALS
        complaints.tolerate(rf"status of {answer.status} ")
    if looks_new(answer.text()):
        page.goto(path)
        assert faults_of(page, complaints) == []


_looked_at: set[str] = set()


def looks_new(html: str) -> bool:
    """False for a page that another role has been shown just so, but for who they are: once is enough."""
    html = re.sub(r'(csrfmiddlewaretoken" value|nonce)="[^"]*"', "", html)
    for person in PEOPLE:
        html = html.replace(person.display_name, "").replace(person.username, "")
    is_new = html not in _looked_at
    _looked_at.add(html)
    return is_new


def is_html(headers: dict[str, str]) -> bool:
    return headers.get("content-type", "").startswith("text/html")


def faults_of(page: Page, complaints: Complaints) -> list[str]:
    """All that is wrong with the page at once: whoever mends it wants to know everything."""
    faults = []
    if not (page.get_attribute("html", "lang") or "").strip():
        faults.append("no language")
    if not page.title().strip():
        faults.append("no title")
    headings = [heading.strip() for heading in page.locator("h1").all_inner_texts()]
    if len(headings) != 1 or not headings[0]:
        faults.append(f"not one heading of the first level, but {headings}")
    width = page.evaluate("document.documentElement.scrollWidth")
    if width > PHONE:
        faults.append(f"{width} px wide: it scrolls sideways")
    return [*faults, *accessibility_faults(page), *complaints]
