"""Doors of the room: parse, ask a selector or call a service, answer."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from associations.models import Association
from core.rooms import ASSOCIATIONS


def form_page(
    request: HttpRequest,
    form: object,
    *,
    title: str,
    button: str,
    back: str,
    node: Association | None = None,
    **context: object,
) -> HttpResponse:
    """The page of a form; 422 if it was refused."""
    refused = bool(getattr(form, "errors", None))
    return render(
        request,
        "associations/form.html",
        {
            "room": ASSOCIATIONS,
            "form": form,
            "title": title,
            "button": button,
            "back": back,
            "node": node,
        }
        | context,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if refused else HTTPStatus.OK,
    )


def page(request: HttpRequest, template: str, **context: object) -> HttpResponse:
    """A page of this room."""
    return render(request, f"associations/{template}.html", {"room": ASSOCIATIONS} | context)
