"""A student shows that they study: a code goes to the university's address."""

from allauth.account.adapter import get_adapter
from allauth.decorators import rate_limit
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import rules, services
from accounts.forms import MailedCodeForm, StudentAddressForm
from accounts.services import mailed_codes
from accounts.views import PersonRequest
from core.errors import Conflict

PURPOSE = "student"


@require_http_methods(["GET", "HEAD", "POST"])
@rate_limit(action="mailed_code")
def student(request: PersonRequest) -> HttpResponse:
    """Asks for the address and sends a code there."""
    form = StudentAddressForm(request.POST or None, person=request.user)
    if form.is_valid():
        address = form.cleaned_data["address"]
        code = mailed_codes.issue(request.session, purpose=PURPOSE, address=address)
        get_adapter().send_mail("accounts/email/student_code", address, {"code": code})
        return redirect("accounts:student_code")
    return render(
        request,
        "accounts/student.html",
        {"form": form, "is_student": rules.is_student(request.user)},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@rate_limit(action="reauthenticate")
def student_code(request: PersonRequest) -> HttpResponse:
    """Takes the code; from then on the person is a student here."""
    address = mailed_codes.waiting_address(request.session, purpose=PURPOSE)
    if address is None:
        return redirect("accounts:student")
    form = MailedCodeForm(request.POST or None)
    if form.is_valid():
        try:
            proved = mailed_codes.accept(
                request.session, purpose=PURPOSE, entered=form.cleaned_data["code"]
            )
            services.confirm_student(person=request.user, address=proved)
        except mailed_codes.WrongCode as error:
            form.add_error("code", str(error))
        except Conflict as error:
            messages.error(request, str(error))
            return redirect("accounts:student")
        else:
            messages.success(request, _("Thank you. You are now known as a student here."))
            return redirect("accounts:me")
    return render(request, "accounts/student_code.html", {"form": form, "address": address})
