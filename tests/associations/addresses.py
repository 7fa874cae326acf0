"""What stands in the addresses of associations."""

from typing import Any

from associations.models import (
    Association,
    Household,
    HouseholdMember,
    JoinRequest,
    Office,
    OfficeTerm,
)
from tests.support.addresses import leads_to_something

PICTURED = "石引2丁目町会"


def of_the_association() -> dict[str, Any]:
    return {"pk": Association.objects.get(name=PICTURED).pk}


for name in (
    *("detail", "rename", "move", "new_block", "ask", "desk", "letters", "passcode", "requests"),
    *("offices", "new_office"),
):
    leads_to_something(f"associations:{name}")(of_the_association)


def of_a_block() -> dict[str, Any]:
    association = Association.objects.get(name=PICTURED)
    return {"pk": Association.objects.children_of(association).get(name="3班").pk}


for name in ("roster", "new_household", "export"):
    leads_to_something(f"associations:{name}")(of_a_block)


def of_a_household() -> dict[str, Any]:
    return {"pk": Household.objects.get(label="3班-12", members__person__username="jumin").pk}


for name in ("household", "relabel", "wish", "moved_away", "letter", "revoke_letter"):
    leads_to_something(f"associations:{name}")(of_a_household)


def of_a_member() -> dict[str, Any]:
    return {"pk": HouseholdMember.objects.get(person__username="jumin").pk}


for name in ("preference", "leave", "close_letter"):
    leads_to_something(f"associations:{name}")(of_a_member)


def of_a_request() -> dict[str, Any]:
    return {"pk": JoinRequest.objects.earliest("pk").pk}


for name in ("withdraw_request", "approve", "decline"):
    leads_to_something(f"associations:{name}")(of_a_request)


@leads_to_something("associations:answer_term")
def a_nomination() -> dict[str, Any]:
    return {"pk": OfficeTerm.objects.get(person__username="jumin").pk}


@leads_to_something("associations:end_term")
def a_term() -> dict[str, Any]:
    return {"pk": OfficeTerm.objects.get(person__username="kaicho").pk}


def of_an_office() -> dict[str, Any]:
    return {"pk": Office.objects.get(node__name=PICTURED, kind=Office.Kind.CHAIR).pk}


for name in ("powers", "nominate"):
    leads_to_something(f"associations:{name}")(of_an_office)


@leads_to_something("associations:city_district")
def a_district() -> dict[str, Any]:
    return {"pk": Association.objects.filter(kind=Association.Kind.DISTRICT).earliest("pk").pk}


@leads_to_something("associations:claim_code")
def an_association_without_officers() -> dict[str, Any]:
    return {"pk": Association.objects.get(name="材木町南町会").pk}
