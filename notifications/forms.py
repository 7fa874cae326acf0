"""What people choose about notices."""

from datetime import time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from notifications import kinds
from notifications.kinds.precedence import OUTSIDE
from notifications.models import Rhythm
from notifications.selectors import choices

HOURS = [(f"{hour:02}:00", f"{hour}:00") for hour in range(24)]
FIELD = "category_"


class ChoiceForm(forms.Form):
    """For each category the ways; and when."""

    frequency = forms.ChoiceField(
        label=_("How often by e-mail?"),
        choices=Rhythm.Frequency.choices,
        widget=forms.RadioSelect,
    )
    has_quiet_hours = forms.BooleanField(label=_("Do not disturb me at night"), required=False)
    quiet_from = forms.ChoiceField(label=_("From"), choices=HOURS)
    quiet_until = forms.ChoiceField(label=_("Until"), choices=HOURS)

    def __init__(self, data: Any = None, *, person: User) -> None:
        chosen = choices.chosen_by(person)
        ways = choices.ways_of(person)
        rhythm = chosen.rhythm
        initial: dict[str, Any] = {
            "frequency": rhythm.frequency,
            "has_quiet_hours": rhythm.has_quiet_hours,
            "quiet_from": f"{rhythm.quiet_from:%H}:00",
            "quiet_until": f"{rhythm.quiet_until:%H}:00",
        }
        for slug, channels in chosen.wanted.items():
            initial[FIELD + slug] = [channel for channel in channels if channel in OUTSIDE]
        super().__init__(data, initial=initial)
        for category in kinds.categories():
            self.fields[FIELD + category.slug] = forms.MultipleChoiceField(
                label=str(category.label),
                help_text=str(category.hint),
                choices=[(way.channel, way.label) for way in ways],
                widget=forms.CheckboxSelectMultiple,
                required=False,
            )

    def category_fields(self) -> list[forms.BoundField]:
        """The fields of the categories, in their order."""
        return [field for field in self if field.name.startswith(FIELD)]

    def wanted(self) -> dict[str, set[str]]:
        """By category: the channels outside the house that are wanted."""
        return {
            name.removeprefix(FIELD): set(value)
            for name, value in self.cleaned_data.items()
            if name.startswith(FIELD)
        }

    def rhythm(self) -> dict[str, Any]:
        """The columns of the rhythm."""
        data = self.cleaned_data
        return {
            "frequency": data["frequency"],
            "has_quiet_hours": data["has_quiet_hours"],
            "quiet_from": time.fromisoformat(data["quiet_from"]),
            "quiet_until": time.fromisoformat(data["quiet_until"]),
        }
