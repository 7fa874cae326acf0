"""What every page needs to draw the shell."""

from typing import Any

from django.conf import settings
from django.conf.locale import LANG_INFO
from django.http import HttpRequest
from django.utils.translation import get_language, pgettext_lazy

from core.rooms import NAVIGATION

TEXT_SIZE_NAMES = (
    pgettext_lazy("size of letters", "Standard"),
    pgettext_lazy("size of letters", "Large"),
    pgettext_lazy("size of letters", "Largest"),
)
# Code, name in the language itself, tag for browsers and screen readers.
LANGUAGES = [
    (code, LANG_INFO[code]["name_local"], code.split("-")[0]) for code, _ in settings.LANGUAGES
]


def site(request: HttpRequest) -> dict[str, Any]:
    """Names of the site and the city, the navigation, and how large the person wants to read."""
    in_english = get_language() == "en"
    size = request.COOKIES.get(settings.TEXT_SIZE_COOKIE, "")
    return {
        "site_name": settings.SITE_NAME_EN if in_english else settings.SITE_NAME,
        "city_name": settings.CITY_NAME_EN if in_english else settings.CITY_NAME,
        "navigation": NAVIGATION,
        "text_size": size if size in settings.TEXT_SIZES else settings.TEXT_SIZES[0],
        "text_sizes": list(zip(settings.TEXT_SIZES, TEXT_SIZE_NAMES, strict=True)),
        "languages": LANGUAGES,
        "demo_accounts": settings.DEMO_ACCOUNTS,
        "map_tiles": settings.MAP_TILES,
        "map_centre": settings.MAP_CENTRE,
    }
