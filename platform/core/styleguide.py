"""The living style page: every component in every state, for whoever builds or judges a screen."""

from datetime import timedelta

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from core import rooms


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(
        label=_("Name shown to others"), help_text=_("Up to 50 characters."), max_length=50
    )
    email = forms.EmailField(label=_("E-mail address"), required=False)
    day = forms.DateField(
        label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}), required=False
    )
    people = forms.IntegerField(label=_("How many people come"), min_value=1, max_value=20)
    text = forms.CharField(label=_("Your thoughts"), widget=forms.Textarea)
    paper = forms.ChoiceField(
        label=_("How would you like to get circulars?"),
        choices=[("digital", _("On this screen")), ("paper", _("On paper")), ("both", _("Both"))],
        widget=forms.RadioSelect,
    )
    room = forms.ChoiceField(
        label=_("Room"), choices=[(room.slug, room.label) for room in rooms.NAVIGATION]
    )
    picture = forms.FileField(label=_("Picture"), required=False)
    agreed = forms.BooleanField(label=_("I have read the rules"))


@login_not_required
@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """Shows the components; only where :setting:`STYLEGUIDE` is on (the embedded city and tests)."""
    if not settings.STYLEGUIDE:
        raise Http404
    now = timezone.now()
    refused = SampleForm(
        {"name": "", "email": "hanako@", "people": "0", "text": "雪かきの当番について"},
        auto_id="refused_%s",
    )
    context = {
        "buttons": [
            "",
            "button--main",
            "button--large button--main",
            "button--danger",
            "button--small",
            "button--link",
        ],
        "form": SampleForm(),
        "refused": refused,
        "now": now,
        "long_ago": now - timedelta(days=400),
        "room_list": rooms.ROOMS[1:6],
        "doors": rooms.NAVIGATION[1:],
        "notices": ["info", "success", "warning", "error"],
        "colours": ["text", "text-support", "key", "link", "error", "success", "warning"],
        "shares": [("1班", 38, 42), ("2班", 38, 38), ("3班", 9, 45)],
        "long_name": "石川県金沢市小立野四丁目北部第二町会連合会防災防犯及び環境美化推進委員会事務局長代理",
    }
    return render(request, "core/styleguide.html", context)
