"""A person's own page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def me(request: HttpRequest) -> HttpResponse:
    """Who I am here, how I want to read, and how I leave."""
    return render(request, "accounts/me.html")
