"""What officers send: offices and terms, households, decisions, names of nodes."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import NameField
from accounts.models import User
from associations.models import (
    LONGEST_LABEL,
    LONGEST_NAME,
    LONGEST_TITLE,
    LONGEST_WORDS,
    Association,
    Household,
    Office,
)
from associations.querysets import AssociationQuerySet
from associations.selectors import officers

Powers = tuple[bool, bool, bool, bool]


class PowersForm(forms.Form):
    """What an office allows."""

    may_send = forms.BooleanField(label=_("May send circulars"), required=False)
    may_see_names = forms.BooleanField(label=_("May see the names of members"), required=False)
    may_approve = forms.BooleanField(
        label=_("May let members in and print letters"), required=False
    )
    may_manage = forms.BooleanField(
        label=_("May manage offices and name successors"), required=False
    )

    def powers(self) -> Powers:
        """Send, see names, approve, manage; for the services."""
        data = self.cleaned_data
        return (data["may_send"], data["may_see_names"], data["may_approve"], data["may_manage"])


class OfficeForm(forms.Form):
    """A new office; it gets the usual powers of its kind."""

    kind = forms.ChoiceField(label=_("Office"), choices=Office.Kind.choices)
    title = NameField(
        label=_("Title"),
        help_text=_("Only for another office, for example: head of disaster prevention."),
        required=False,
        max_length=LONGEST_TITLE,
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("kind") == Office.Kind.OTHER and not data.get("title"):
            self.add_error("title", _("Please write what the office is called."))
        return data


class NominationForm(forms.Form):
    """Naming somebody for an office."""

    person = NameField(
        label=_("Who"),
        help_text=_("The name shown to others, or the user name, of a member."),
        max_length=60,
    )
    first_day = forms.DateField(
        label=_("First day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    last_day = forms.DateField(
        label=_("Last day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, members_of: Association, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._members_of = members_of

    def clean_person(self) -> User:
        found = officers.people_called(self._members_of, self.cleaned_data["person"])
        if not found:
            raise forms.ValidationError(
                _("Nobody here is called so. They must have joined a household first.")
            )
        if len(found) > 1:
            raise forms.ValidationError(
                _("Several members are called so. Please enter the user name.")
            )
        return found[0]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("first_day"), data.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("The last day lies before the first day."))
        return data


class LabelForm(forms.Form):
    """What officers call a household."""

    label = NameField(
        label=_("Label"),
        help_text=_("A block and a number, or a name that officers know, for example 3-12."),
        max_length=LONGEST_LABEL,
    )


class PreferenceForm(forms.Form):
    """What a household said at the door."""

    preference = forms.ChoiceField(
        label=_("How circulars arrive"),
        choices=Household.Preference.choices,
        widget=forms.RadioSelect,
    )


class AnswerForm(forms.Form):
    """Why somebody is not let in."""

    answer = NameField(
        label=_("Reason (the person reads it)"), required=True, max_length=LONGEST_WORDS
    )


class ChooseBlockForm(forms.Form):
    """One of the blocks."""

    block = forms.ModelChoiceField(
        label=_("Block"), queryset=Association.objects.none(), empty_label=_("Please choose")
    )

    def __init__(self, *args: Any, blocks: AssociationQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("forms.ModelChoiceField[Association]", self.fields["block"])
        field.queryset = blocks


class ChooseHouseholdForm(forms.Form):
    """The household into which somebody is let, or a label for a new one."""

    household = forms.ModelChoiceField(
        label=_("Household"),
        queryset=Household.objects.none(),
        required=False,
        empty_label=_("A new household"),
    )
    label = NameField(
        label=_("Label of the new household"), required=False, max_length=LONGEST_LABEL
    )

    def __init__(self, *args: Any, block: Association, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("forms.ModelChoiceField[Household]", self.fields["household"])
        field.queryset = officers.households_of_block(block)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not data.get("household") and not data.get("label"):
            self.add_error("household", _("Please choose the household, or name a new one."))
        return data


class RenameForm(forms.Form):
    """Another name for a node."""

    name = NameField(label=_("Name"), max_length=LONGEST_NAME)
    kana = NameField(
        label=_("Reading"), help_text=_("In hiragana."), required=False, max_length=LONGEST_NAME
    )


class BlockForm(forms.Form):
    """A new block."""

    name = NameField(label=_("Name"), help_text=_("For example: block 7."), max_length=LONGEST_NAME)


class MoveForm(forms.Form):
    """Another place for a node."""

    parent = forms.ModelChoiceField(
        label=_("New place"),
        queryset=Association.objects.none(),
        empty_label=_("Please choose"),
    )

    def __init__(self, *args: Any, places: AssociationQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("forms.ModelChoiceField[Association]", self.fields["parent"])
        field.queryset = places
