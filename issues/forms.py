"""What people may send to the board. Forms parse and check; services act."""

import re
import uuid
from itertools import chain, repeat
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from associations.models import Association
from associations.selectors import home_of
from core.errors import DomainError
from core.photos import Photo, cleaned
from core.richtext import LONGEST_TEXT
from core.times import tokyo_today
from issues.models import Category, Issue, Stage
from issues.models.issue import LONGEST_QUESTION, LONGEST_TITLE, MOST_PHOTOS
from issues.models.thread import LONGEST_POST, LONGEST_REASON
from issues.services.issues import MOST_TAGS, Words

_BETWEEN_TAGS = re.compile(r"[\s,、，・#＃]+")


class SeveralFilesInput(forms.ClearableFileInput):
    """A field for several files at once."""

    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Up to six photos, each cleaned; a file that is no photo is named beside the field."""

    widget = SeveralFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Photo]:
        files: list[Any] = [file for file in (data or []) if file]
        if len(files) > MOST_PHOTOS:
            raise forms.ValidationError(
                _("Please choose at most %(count)d photos.") % {"count": MOST_PHOTOS}
            )
        try:
            return [cleaned(super(PhotosField, self).clean(file, initial).file) for file in files]
        except DomainError as error:
            raise forms.ValidationError(str(error)) from error


class WrittenField(forms.CharField):
    """A longer text. Browsers send a line break as two characters; here it is one, as the person counts."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n")


def number_of(text: object) -> int:
    """A number that came with an address or a form; 0 if it is none or too large to be one of ours."""
    digits = str(text or "")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else 0


class KeyedForm(forms.Form):
    """A form for an act that must happen once, whatever is pressed twice."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


class IssueForm(KeyedForm):
    """An issue for the board."""

    title = forms.CharField(
        label=_("Title"),
        help_text=_(
            "What is it about, in one sentence? For example: I want to see at once where old paper is collected."
        ),
        max_length=LONGEST_TITLE,
    )
    question = forms.CharField(
        label=_("What do you want to ask everybody?"),
        help_text=_(
            "A question that people can answer helps most. For example: where and on which day would you like to bring it?"
        ),
        max_length=LONGEST_QUESTION,
    )
    text = forms.CharField(
        label=_("What is the matter?"),
        help_text=_("Write as you would tell a neighbour. Lines that begin with - become a list."),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    category = forms.ModelChoiceField(
        label=_("Field"),
        queryset=Category.objects.filter(is_active=True),
        empty_label=_("Please choose"),
    )
    place = forms.ModelChoiceField(
        label=_("Where"),
        queryset=Association.objects.none(),
        required=False,
        empty_label=_("The whole city"),
    )
    tags = forms.CharField(
        label=_("Tags"),
        help_text=_("Words to find it by, with spaces between them."),
        required=False,
        max_length=300,
    )
    wanted_by = forms.DateField(
        label=_("Answers wanted by"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    decided_by = forms.CharField(label=_("Who decides in the end?"), required=False, max_length=100)
    consequence = forms.CharField(
        label=_("What happens with the answers?"), required=False, max_length=200
    )
    photos = PhotosField(
        label=_("Photos"),
        help_text=_("Up to six. Place and date in the photos are removed."),
        required=False,
    )
    photo_words = forms.CharField(
        label=_("What the photos show"),
        help_text=_("For people who cannot see them."),
        required=False,
        max_length=200,
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = cast("forms.ModelChoiceField[Association]", self.fields["place"])
        home = home_of(person)
        mine = [near.pk for near in (home.association, home.district) if near] if home else []
        districts = Association.objects.filter(kind=Association.Kind.DISTRICT, is_active=True)
        places.queryset = (districts | Association.objects.filter(pk__in=mine)).order_by("path")

    def clean_wanted_by(self) -> Any:
        day = self.cleaned_data["wanted_by"]
        if day is not None and day < tokyo_today():
            raise forms.ValidationError(_("This day is over. Please choose a later one."))
        return day

    def clean_tags(self) -> tuple[str, ...]:
        names = tuple(name for name in _BETWEEN_TAGS.split(self.cleaned_data["tags"]) if name)
        if len(names) > MOST_TAGS:
            raise forms.ValidationError(
                _("Please choose at most %(count)d tags.") % {"count": MOST_TAGS}
            )
        return names

    def words(self) -> Words:
        """What the person wrote, for the service."""
        data = self.cleaned_data
        return Words(
            title=data["title"],
            text=data["text"],
            question=data["question"],
            category=data["category"],
            wanted_by=data["wanted_by"],
            decided_by=data["decided_by"],
            consequence=data["consequence"],
            place=data["place"],
            tags=data["tags"],
        )


class PostForm(KeyedForm):
    """Something said in a thread."""

    source = WrittenField(
        label=_("Your thoughts"),
        help_text=_("To call somebody by name, put @ before the name."),
        max_length=LONGEST_POST,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    answers = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    quotes = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    photos = PhotosField(
        label=_("Photos"),
        help_text=_("Up to six. Place and date in the photos are removed."),
        required=False,
    )
    photo_words = WrittenField(
        label=_("What the photos show"),
        help_text=_("For people who cannot see them. One line for each photo."),
        required=False,
        max_length=MOST_PHOTOS * 201,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def photos_with_words(self) -> list[tuple[Photo, str]]:
        """Each photo with the line that tells what it shows."""
        lines = [line for line in self.cleaned_data["photo_words"].split("\n") if line.strip()]
        photos = self.cleaned_data["photos"]
        return list(zip(photos, chain(lines, repeat("")), strict=False))


class EditPostForm(forms.Form):
    """Other words for a post."""

    source = WrittenField(
        label=_("Your thoughts"), max_length=LONGEST_POST, widget=forms.Textarea(attrs={"rows": 6})
    )
    seen_source = WrittenField(widget=forms.HiddenInput, strip=False)


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


class ReasonForm(forms.Form):
    """Why a post is hidden."""

    reason = forms.CharField(label=_("Reason (the author reads it)"), max_length=LONGEST_REASON)
