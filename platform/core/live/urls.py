"""Where streams are read by HTTP."""

from django.urls import path

from core.live.views import events

app_name = "live"
urlpatterns = [path("<str:kind>/<str:key>/", events, name="events")]
