"""What people say in a talk."""

from itertools import chain, repeat

from django import forms
from django.utils.translation import gettext_lazy as _

from core.photos import Photo
from issues.forms.fields import KeyedForm, PhotosField, WrittenField
from issues.models.issue import MOST_PHOTOS
from issues.models.thread import LONGEST_POST, LONGEST_REASON


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


class ReasonForm(forms.Form):
    """Why a post is hidden."""

    reason = forms.CharField(label=_("Reason (the author reads it)"), max_length=LONGEST_REASON)
