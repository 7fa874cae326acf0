"""Fields that several forms of the board share."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from core.photos import Photo, cleaned
from issues.models.issue import MOST_PHOTOS


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
