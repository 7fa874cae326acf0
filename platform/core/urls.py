"""Addresses that belong to no room."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path
from django.views.i18n import set_language

from core import styleguide, views

app_name = "core"
urlpatterns = [
    path("", views.home, name="home"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("opendata/", views.opendata, name="opendata"),
    path("api/", views.api, name="api"),
    path("styleguide/", styleguide.styleguide, name="styleguide"),
    path("language/", login_not_required(set_language), name="language"),
    path("text-size/", views.text_size, name="text_size"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
]
