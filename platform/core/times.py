"""Time: stored in UTC, computed when read, shown in Asia/Tokyo with the weekday."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext

TOKYO = ZoneInfo("Asia/Tokyo")


def tokyo_today() -> date:
    """Today's date on a wall calendar in Japan."""
    return timezone.now().astimezone(TOKYO).date()


def tokyo_midnight(day: date) -> datetime:
    """The moment at which ``day`` begins in Japan, aware."""
    return datetime.combine(day, time.min, tzinfo=TOKYO)


def in_words(moment: datetime | date) -> str:
    """A date with its weekday, and the time if there is one, in the current language.

    ``2026年12月5日(土) 10:00`` in Japanese, ``Sat, 5 December 2026, 10:00`` in English.
    """
    if isinstance(moment, datetime):
        # Translators: Django date format for a date with weekday and time.
        return date_format(moment.astimezone(TOKYO), gettext("D, j F Y, H:i"))
    # Translators: Django date format for a date with weekday.
    return date_format(moment, gettext("D, j F Y"))
