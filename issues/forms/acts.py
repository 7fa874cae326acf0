"""What is done with an issue: its stage, official answers, offers of skills; and lists that are kept."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from core.times import tokyo_today
from issues.models import Issue, Stage
from issues.models.saved import LONGEST_NAME


class StageForm(forms.Form):
    """Moving an issue on."""

    stage = forms.ChoiceField(label=_("Stage"), choices=Stage.choices)
    reason = forms.CharField(label=_("Reason"), max_length=300)

    def __init__(self, *args: Any, issue: Issue, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stage = cast(forms.ChoiceField, self.fields["stage"])
        stage.choices = [choice for choice in Stage.choices if choice[0] != issue.stage]


class OfficialAnswerForm(forms.Form):
    """The answer of the city, or its promise of one by a day."""

    body = forms.CharField(
        label=_("Who answers"), help_text=_("The section of the city hall."), max_length=100
    )
    text = forms.CharField(
        label=_("Answer"),
        help_text=_("Leave this empty to promise an answer by a day."),
        required=False,
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    due_on = forms.DateField(
        label=_("Answer promised by"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("text") and not data.get("due_on") and not self.errors:
            self.add_error("text", _("Please write the answer, or promise one by a day."))
        if data.get("due_on") and data["due_on"] < tokyo_today():
            self.add_error("due_on", _("This day is over. Please choose a later one."))
        return data


class SkillForm(forms.Form):
    """What somebody is good at."""

    words = forms.CharField(label=_("What can you do?"), max_length=200)


class SavedFilterForm(forms.Form):
    """A name for a list that one wants to find again."""

    name = forms.CharField(label=_("Name of the list"), max_length=LONGEST_NAME)
    tells = forms.BooleanField(label=_("Tell me when a new issue fits"), required=False)
