"""Every page in every role on a phone: it answers, it is sound, and axe-core finds nothing.

Pages come from the resolver; those with arguments from what rooms register (``tests/support/addresses.py``).
"""

import re

import pytest
from playwright.sync_api import Page

from accounts.demo import PEOPLE
from tests.e2e.conftest import GUEST
from tests.support.addresses import all_addresses, things
from tests.support.browser import PHONE, accessibility_faults

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
def test_a_page_is_sound_on_a_phone_in_every_role(address, demo_city, knock, visit, complaints):
    path = demo_city.paths[address.name] if address.has_arguments else address.path
    looked_at: set[str] = set()
    faults: list[str] = []
    for role in ROLES:
        answer = knock(role, path)
        assert answer.status < 500 or address.name == "core:readyz", role
        # A page that leads on is looked at where it leads to.
        if answer.status == 405 or 300 <= answer.status < 400 or not is_html(answer.headers):
            continue
        if answer.status >= 400:
            assert answer.status in REFUSALS, role
            complaints.tolerate(rf"status of {answer.status} ")
        look = what_differs(answer.text(), whole=path == "/")
        # What another role has been shown just so, but for who they are, is looked at once; refusals in one place.
        seen = refusals if answer.status >= 400 else looked_at
        if look not in seen:
            seen.add(look)
            page = visit(role, width=PHONE)
            page.goto(path)
            faults += [f"{role}: {fault}" for fault in faults_of(page)]
            page.context.close()
    assert [*faults, *complaints] == []


refusals: set[str] = set()


def what_differs(html: str, *, whole: bool) -> str:
    """A page without what differs from person to person and from answer to answer.

    Args:
        whole: with header and footer, which are the same on all pages of a role: the home page is looked at with them.
    """
    if not whole and "<main" in html:
        html = html[html.index("<main") : html.rindex("</main>")]
    html = re.sub(r'(csrfmiddlewaretoken" value|nonce)="[^"]*"', "", html)
    html = re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}", "", html)
    # The number of a refused request.
    html = re.sub(r"[0-9a-f]{32}", "", html)
    for person in PEOPLE:
        html = html.replace(person.display_name, "").replace(person.username, "")
    return html


def is_html(headers: dict[str, str]) -> bool:
    return headers.get("content-type", "").startswith("text/html")


def faults_of(page: Page) -> list[str]:
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
    return [*faults, *accessibility_faults(page)]
