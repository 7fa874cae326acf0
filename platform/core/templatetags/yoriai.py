"""Template tags that every page may use."""

from datetime import date, datetime

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext

from core.times import TOKYO, in_words

register = template.Library()


@register.simple_tag
def icon(name: str) -> SafeString:
    """A drawing of our sprite, hidden from screen readers: a word always stands beside it."""
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        static("img/icons.svg"),
        name,
    )


@register.simple_tag
def html_lang() -> str:
    """The language of the page as browsers know it: easy Japanese is Japanese to them."""
    return (get_language() or "ja").split("-")[0]


@register.filter
def day(moment: datetime) -> str:
    """The day of a moment in words, for lists in which the hour does not matter."""
    return in_words(moment.astimezone(TOKYO).date())


@register.filter
def when(moment: datetime | date | None) -> str:
    """A date or moment in words, with its weekday: ``{{ issue.wanted_by|when }}``."""
    return in_words(moment) if moment else ""


@register.simple_tag
def person_name(person: object) -> str:
    """A person addressed politely, as the language does it: 花子さん."""
    # Translators: how a person is addressed; in Japanese with さん.
    return pgettext("address", "%(name)s") % {"name": person}
