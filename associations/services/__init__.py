"""What may happen to the tree, its households and offices. Every writer calls these, the demo city included."""

from associations.services.claims import claim_association, make_claim_code
from associations.services.figures import count_everything
from associations.services.households import (
    join_household,
    register_household,
    relabel_household,
    say_preference,
)
from associations.services.imports import (
    HouseholdOutline,
    NodeOutline,
    TownOutline,
    import_households,
    import_tree,
)
from associations.services.leaving import (
    forget_who_left,
    household_moved_away,
    leave_household,
)
from associations.services.letters import (
    close_letter,
    join_by_letter,
    make_letters,
    revoke_letter,
)
from associations.services.looking import note_look
from associations.services.office_imports import OfficeOutline, import_offices
from associations.services.offices import (
    accept_office,
    change_powers,
    decline_office,
    end_term,
    make_office,
    name_successor,
    put_in_office,
)
from associations.services.requests import (
    approve_request,
    ask_to_join,
    decline_request,
    end_passcode,
    set_passcode,
    withdraw_request,
)
from associations.services.tree import (
    add_block,
    cover_town,
    found_association,
    move_association,
    rename_association,
)

__all__ = [
    "HouseholdOutline",
    "NodeOutline",
    "OfficeOutline",
    "TownOutline",
    "accept_office",
    "add_block",
    "approve_request",
    "ask_to_join",
    "change_powers",
    "claim_association",
    "close_letter",
    "count_everything",
    "cover_town",
    "decline_office",
    "decline_request",
    "end_passcode",
    "end_term",
    "forget_who_left",
    "found_association",
    "household_moved_away",
    "import_households",
    "import_offices",
    "import_tree",
    "join_by_letter",
    "join_household",
    "leave_household",
    "make_claim_code",
    "make_letters",
    "make_office",
    "move_association",
    "name_successor",
    "note_look",
    "put_in_office",
    "register_household",
    "relabel_household",
    "rename_association",
    "revoke_letter",
    "say_preference",
    "set_passcode",
    "withdraw_request",
]
