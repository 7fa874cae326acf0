"""What every page needs to draw the shell."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from core.rooms import NAVIGATION


def site(request: HttpRequest) -> dict[str, Any]:
    """Names of the site and the city, the navigation, and how large the person wants to read."""
    size = request.COOKIES.get(settings.TEXT_SIZE_COOKIE, "")
    return {
        "site_name": settings.SITE_NAME,
        "city_name": settings.CITY_NAME,
        "navigation": NAVIGATION,
        "text_size": size if size in settings.TEXT_SIZES else settings.TEXT_SIZES[0],
        "demo_accounts": settings.DEMO_ACCOUNTS,
    }
