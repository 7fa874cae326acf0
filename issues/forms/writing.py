"""Writing an issue, and changing it."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.models.skills import LONGEST_SKILL, MOST_SKILLS
from associations.models import Association
from core.photos import Photo
from core.richtext import LONGEST_TEXT
from core.text import half_width, one_line, postal_digits, visible, words_in
from core.times import tokyo_today
from issues.forms.fields import KeyedForm, PhotosField
from issues.models import Category, Issue
from issues.models.issue import LONGEST_QUESTION, LONGEST_TITLE, MOST_PHOTOS
from issues.models.tags import LONGEST_TAG
from issues.selectors.places import places_of
from issues.services.issues import Words
from issues.services.photos import LONGEST_WORDS, Arrangement
from issues.services.tags import MOST_TAGS

# 国土地理院, 日本の東西南北端点の経度緯度: 20°25′–45°33′ N, 122°56′–153°59′ E, and a little sea around.
_SOUTH, _NORTH, _WEST, _EAST = 20, 46, 122, 154


class IssueForm(KeyedForm):
    """An issue for the board."""

    # A day in the past that may stay, because it stands there already.
    known_day: date | None = None

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
    postal_code = forms.CharField(
        label=_("Postal code of the place"),
        help_text=_("Seven digits. Then you can choose the association below."),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    place = forms.ModelChoiceField(
        label=_("District or association"),
        queryset=Association.objects.filter(
            kind__in=[Association.Kind.DISTRICT, Association.Kind.ASSOCIATION], is_active=True
        ),
        required=False,
    )
    latitude = forms.DecimalField(required=False, widget=forms.HiddenInput, label=_("Pin"))
    longitude = forms.DecimalField(required=False, widget=forms.HiddenInput, label=_("Pin"))
    tags = forms.CharField(
        label=_("Tags"),
        help_text=_("Words to find it by, with spaces between them."),
        required=False,
        max_length=300,
    )
    wanted_skills = forms.CharField(
        label=_("Skills that would help"),
        help_text=_(
            "For example: carpentry, videos, English. People who can do it find your issue."
        ),
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
        help_text=_(
            "For people who cannot see them. One line for each photo, in the order of the photos."
        ),
        required=False,
        max_length=MOST_PHOTOS * (LONGEST_WORDS + 2),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = places_of(person, postal_code=self._typed("postal_code"))
        place = cast(forms.Select, self.fields["place"].widget)
        place.choices = [
            ("", _("The whole city")),
            *self.places.as_choices(chosen=self._typed("place")),
        ]

    def _typed(self, name: str) -> str:
        """What stands in a field now, however the form was filled."""
        value = (
            self.data.get(name)
            if self.is_bound
            else self.get_initial_for_field(self.fields[name], name)
        )
        return str(getattr(value, "pk", value) or "")

    def clean_title(self) -> str:
        return self._line("title")

    def clean_question(self) -> str:
        return self._line("question")

    def clean_text(self) -> str:
        # Browsers send line breaks as CR LF.
        text = visible(self.cleaned_data["text"].replace("\r\n", "\n")).strip()
        if not text:
            raise forms.ValidationError(self.fields["text"].error_messages["required"])
        return text

    def clean_postal_code(self) -> str:
        typed = one_line(self.cleaned_data["postal_code"])
        if typed and len(postal_digits(typed)) != 7:
            raise forms.ValidationError(
                _("A postal code has seven digits. You can also leave this empty.")
            )
        return half_width(typed)

    def clean_tags(self) -> tuple[str, ...]:
        typed = words_in(self.cleaned_data["tags"])
        names = tuple(name for name in map(one_line, typed) if name)
        if len(names) > MOST_TAGS:
            raise forms.ValidationError(
                _("Please choose at most %(count)d tags.") % {"count": MOST_TAGS}
            )
        if any(len(name) > LONGEST_TAG for name in names):
            raise forms.ValidationError(
                _("A tag has at most %(count)d characters.") % {"count": LONGEST_TAG}
            )
        return names

    def clean_wanted_skills(self) -> tuple[str, ...]:
        typed = words_in(self.cleaned_data["wanted_skills"])
        names = tuple(name for name in map(one_line, typed) if name)
        if len(names) > MOST_SKILLS:
            raise forms.ValidationError(
                _("Please choose at most %(count)d skills.") % {"count": MOST_SKILLS}
            )
        if any(len(name) > LONGEST_SKILL for name in names):
            raise forms.ValidationError(
                _("A skill has at most %(count)d characters.") % {"count": LONGEST_SKILL}
            )
        return names

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        north, east = data.get("latitude"), data.get("longitude")
        if self.errors.keys() & {"latitude", "longitude"}:
            self._refuse_pin()
        elif north is None or east is None:
            if north is not east:
                self._refuse_pin()
        elif not (_SOUTH <= north <= _NORTH and _WEST <= east <= _EAST):
            self._refuse_pin()
        return data

    def _refuse_pin(self) -> None:
        for name in ("latitude", "longitude"):
            self.errors.pop(name, None)
        # Beside the list of places, which is there for everybody; the pin itself is a hidden field.
        self.add_error(
            "place", _("This pin is not in Japan. Please set it again, or choose from the list.")
        )

    def _line(self, name: str) -> str:
        line = one_line(self.cleaned_data[name])
        if not line:
            raise forms.ValidationError(self.fields[name].error_messages["required"])
        return line

    def added_photos(self) -> list[tuple[Photo, str]]:
        """The new photos, each with its line of words."""
        photos = self.cleaned_data["photos"]
        lines = [one_line(line) for line in self.cleaned_data["photo_words"].splitlines()]
        lines += [""] * (len(photos) - len(lines))
        return list(zip(photos, lines, strict=False))

    def clean_wanted_by(self) -> Any:
        day = self.cleaned_data["wanted_by"]
        if day is not None and day < tokyo_today() and day != self.known_day:
            raise forms.ValidationError(_("This day is over. Please choose a later one."))
        return day

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
            pin=self._pin(),
            tags=data["tags"],
            wanted_skills=data["wanted_skills"],
        )

    def _pin(self) -> tuple[Decimal, Decimal] | None:
        north, east = self.cleaned_data["latitude"], self.cleaned_data["longitude"]
        if north is None or east is None:
            return None
        metre = Decimal("0.00001")
        return north.quantize(metre), east.quantize(metre)


class Tick(forms.BooleanField):
    """A box that nobody must tick; saying so beside it would only confuse."""

    unmarked = True

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)


class EditIssueForm(IssueForm):
    """Other words for an issue, and its photos in another order.

    Args:
        issue: as it is now; its photos have a few fields each.
    """

    key = None  # type: ignore[assignment]  # changing twice to the same is no second change
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, issue: Issue, **kwargs: Any) -> None:
        self.known_day = issue.wanted_by
        self.photos_now = list(issue.photos.all())
        super().__init__(*args, **kwargs)
        self.fields["photos"].label = _("Add photos")
        self.fields["photo_words"].label = _("What the added photos show")
        count = len(self.photos_now)
        for number, photo in enumerate(self.photos_now, 1):
            about = {"number": number}
            self.fields[f"photo_{photo.pk}_words"] = forms.CharField(
                label=_("What photo %(number)d shows") % about,
                initial=photo.words,
                required=False,
                max_length=LONGEST_WORDS,
            )
            if count > 1:
                self.fields[f"photo_{photo.pk}_order"] = forms.TypedChoiceField(
                    label=_("Place of photo %(number)d in the row") % about,
                    choices=[(place, place) for place in range(1, count + 1)],
                    coerce=int,
                    empty_value=None,
                    initial=number,
                    required=False,
                )
            self.fields[f"photo_{photo.pk}_remove"] = Tick(
                label=_("Take photo %(number)d away") % about
            )
        if issue.has_pin:
            self.fields["remove_pin"] = Tick(label=_("Take the pin off the map"))

    @staticmethod
    def of(issue: Issue) -> dict[str, Any]:
        """What the form shows of an issue to begin with."""
        names = ("title", "question", "text", "wanted_by", "decided_by", "consequence", "version")
        return {name: getattr(issue, name) for name in names} | {
            "category": issue.category_id,
            "place": issue.place_id,
            "latitude": issue.latitude,
            "longitude": issue.longitude,
            "tags": " ".join(tag.name for tag in issue.tags.all()),
            "wanted_skills": " ".join(skill.name for skill in issue.wanted_skills.all()),
        }

    def photo_fields(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """Each photo that is there with its fields, for the page."""
        return [
            (photo, [self[name] for name in self.fields if name.startswith(f"photo_{photo.pk}_")])
            for photo in self.photos_now
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        room = MOST_PHOTOS - len(self._kept())
        if len(data.get("photos") or []) > room:
            self.add_error(
                "photos",
                _("Please choose at most %(count)d more photos, or take one away first.")
                % {"count": room},
            )
        return data

    def arrangement(self) -> Arrangement:
        """Which photos the issue shows from now on."""
        return Arrangement(kept=self._kept(), added=self.added_photos())

    def _kept(self) -> Sequence[tuple[int, str]]:
        data = self.cleaned_data
        kept = [
            (data.get(f"photo_{photo.pk}_order") or now, now, photo)
            for now, photo in enumerate(self.photos_now, 1)
            if not data.get(f"photo_{photo.pk}_remove")
        ]
        # Two in one place: who moved up goes before the one that stayed, who moved down behind it.
        kept.sort(key=lambda row: (row[0], (row[0] > row[1]) - (row[0] < row[1]), row[1]))
        return [
            (photo.pk, data.get(f"photo_{photo.pk}_words") or "") for _order, _now, photo in kept
        ]

    def _pin(self) -> tuple[Decimal, Decimal] | None:
        return None if self.cleaned_data.get("remove_pin") else super()._pin()
