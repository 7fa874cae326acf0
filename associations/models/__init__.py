"""The shape of the room: the tree, households, offices, ways in, and what is noted."""

from associations.models.households import LONGEST_LABEL, Household, HouseholdMember
from associations.models.joining import (
    LONGEST_WORDS,
    ClaimCode,
    JoinRequest,
    Letter,
    Passcode,
)
from associations.models.notes import Figures, Look
from associations.models.offices import LONGEST_TITLE, Office, OfficeTerm
from associations.models.tree import LONGEST_NAME, Association, AssociationChange, Town

__all__ = [
    "LONGEST_LABEL",
    "LONGEST_NAME",
    "LONGEST_TITLE",
    "LONGEST_WORDS",
    "Association",
    "AssociationChange",
    "ClaimCode",
    "Figures",
    "Household",
    "HouseholdMember",
    "JoinRequest",
    "Letter",
    "Look",
    "Office",
    "OfficeTerm",
    "Passcode",
    "Town",
]
