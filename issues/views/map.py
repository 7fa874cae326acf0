"""The lists of issues on a map; everything on it is in the list too."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from core.rooms import ISSUES
from issues.selectors.board import page_of_issues
from issues.selectors.filters import Wanted, filters_from
from issues.selectors.pins import box_from, spots_in
from issues.views.cards import as_html
from issues.views.lists import reader_of
from issues.views.panel import Place, panel_for, with_query


@login_not_required
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The map with the filters of the list, and the beginning of the list below it."""
    filters = filters_from(request.GET)
    wanted = Wanted(filters, reader=reader_of(request))
    context = {
        "room": ISSUES,
        "wanted": wanted,
        "panel": panel_for(wanted, Place(reverse("issues:map"))),
        "cards": as_html(page_of_issues(wanted).issues),
        "list": with_query(reverse("issues:index"), filters.query()),
        "pins": with_query(reverse("issues:pins"), filters.query()),
    }
    return render(request, "issues/map.html", context)


@login_not_required
@require_safe
def pins(request: HttpRequest) -> HttpResponse:
    """What stands in a part of the map, as GeoJSON (RFC 7946)."""
    filters = filters_from(request.GET)
    box = box_from(request.GET)
    spots = spots_in(Wanted(filters, reader=reader_of(request)), box)
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [spot.longitude, spot.latitude]},
            "properties": (
                {"title": spot.title, "address": reverse("issues:detail", args=[spot.pk])}
                if spot.pk
                else {"count": spot.count}
            ),
        }
        for spot in spots
    ]
    response = JsonResponse(
        {"type": "FeatureCollection", "features": features},
        content_type="application/geo+json",
        json_dumps_params={"ensure_ascii": False, "separators": (",", ":")},
    )
    # A list by skills says something of the reader.
    response["Cache-Control"] = "private" if filters.skills else "public, max-age=60"
    return response
