"""What people may send to this room. Forms parse and check; services act."""

from associations.forms.joining import (
    AddressForm,
    ClaimForm,
    CodeForm,
    NewMemberForm,
    RequestForm,
    WishesForm,
)
from associations.forms.officers import (
    AnswerForm,
    BlockForm,
    ChooseBlockForm,
    ChooseHouseholdForm,
    LabelForm,
    MoveForm,
    NominationForm,
    OfficeForm,
    PowersForm,
    PreferenceForm,
    RenameForm,
)

__all__ = [
    "AddressForm",
    "AnswerForm",
    "BlockForm",
    "ChooseBlockForm",
    "ChooseHouseholdForm",
    "ClaimForm",
    "CodeForm",
    "LabelForm",
    "MoveForm",
    "NewMemberForm",
    "NominationForm",
    "OfficeForm",
    "PowersForm",
    "PreferenceForm",
    "RenameForm",
    "RequestForm",
    "WishesForm",
]
