"""A person's own page: who I am here, how I want to read, how I sign in."""

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import rules, selectors, services
from accounts.forms import DisplayNameForm, PreferencesForm, SkillsForm, UserNameForm
from accounts.models import Role
from accounts.views import PersonRequest
from core.errors import DomainError


@require_safe
def me(request: PersonRequest) -> HttpResponse:
    """Everything about me as a list of plain rows, each with one way to change it."""
    person = request.user
    kinds = selectors.second_factors(person)
    return render(
        request,
        "accounts/me.html",
        {
            "roles": [Role(role).label for role in Role.values if role in person.roles],
            "skills": selectors.skills_of(person),
            "is_student": rules.is_student(person),
            "passkeys": kinds.count(Authenticator.Type.WEBAUTHN),
            "has_app": Authenticator.Type.TOTP in kinds,
            "services": selectors.connected_services(person),
            "services_offered": bool(settings.SOCIALACCOUNT_PROVIDERS),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def display_name(request: PersonRequest) -> HttpResponse:
    """The name that others see."""
    form = DisplayNameForm(
        request.POST or None,
        person=request.user,
        initial={"display_name": request.user.display_name},
    )
    if form.is_valid():
        services.change_display_name(
            actor=request.user, person=request.user, display_name=form.cleaned_data["display_name"]
        )
        messages.success(request, _("Your name has been changed."))
        return redirect("accounts:me")
    return _form_page(request, form, title=_("Name shown to others"))


@require_http_methods(["GET", "HEAD", "POST"])
def user_name(request: PersonRequest) -> HttpResponse:
    """The name to sign in with."""
    current = request.user.username
    form = UserNameForm(request.POST or None, person=request.user, initial={"username": current})
    if form.is_valid():
        try:
            services.change_user_name(
                actor=request.user, person=request.user, username=form.cleaned_data["username"]
            )
        except ValidationError as error:
            request.user.username = current
            form.add_error("username", error)
        else:
            messages.success(request, _("Your user name has been changed."))
            return redirect("accounts:me")
    return _form_page(request, form, title=_("User name"))


@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: PersonRequest) -> HttpResponse:
    """Language and letters, for every device and for mails."""
    person = request.user
    form = PreferencesForm(
        request.POST or None,
        person=person,
        initial={
            "language": person.language or translation.get_language(),
            "text_size": person.text_size or settings.TEXT_SIZES[0],
        },
    )
    if form.is_valid():
        services.keep_preferences(actor=person, **form.cleaned_data)
        with translation.override(person.language):
            messages.success(request, _("We will show it to you like this from now on."))
        response = HttpResponseRedirect(reverse("accounts:me"))
        # The device keeps it for the time after signing out; one that had another wish forgets it.
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            person.language,
            secure=settings.SESSION_COOKIE_SECURE,
            samesite="Lax",
        )
        return response
    return _form_page(request, form, title=_("Language and letters"))


@require_http_methods(["GET", "HEAD", "POST"])
def skills(request: PersonRequest) -> HttpResponse:
    """What I am good at; the board finds issues by it."""
    initial = {"skills": "、".join(selectors.skills_of(request.user))}
    form = SkillsForm(request.POST or None, person=request.user, initial=initial)
    if form.is_valid():
        try:
            services.keep_skills(actor=request.user, names=form.cleaned_data["skills"])
        except DomainError as error:
            form.add_error("skills", str(error))
        else:
            messages.success(request, _("Thank you. We will show you what needs you."))
            return redirect("accounts:me")
    return _form_page(request, form, title=_("What I am good at"))


@require_safe
def second_factor_needed(request: PersonRequest) -> HttpResponse:
    """The door for people with powers who have no second factor yet."""
    return render(request, "accounts/second_factor_needed.html")


def _form_page(request: PersonRequest, form: object, *, title: str) -> HttpResponse:
    return render(request, "accounts/form.html", {"form": form, "title": title})
