"""Addresses of the room."""

from django.urls import path

from notifications.views import (
    addresses,
    choices,
    inbox,
    undelivered,
    unsubscribing,
    webhooks,
)

app_name = "notifications"
urlpatterns = [
    path("", inbox.index, name="index"),
    path("<int:pk>/", inbox.open_one, name="open"),
    path("<int:pk>/mute/", inbox.mute, name="mute"),
    path("broadcasts/<int:pk>/", inbox.open_broadcast, name="open_broadcast"),
    path("<int:pk>/why/", choices.why, name="why"),
    path("why/", choices.forecast, name="forecast"),
    path("choices/", choices.choose, name="choices"),
    path("choices/mutes/<int:pk>/end/", choices.end_mute, name="end_mute"),
    path("undelivered/", undelivered.index, name="undelivered"),
    path("undelivered/<int:pk>/again/", undelivered.try_again, name="try_again"),
    path("all-read/", inbox.mark_all_read, name="mark_all_read"),
    path("addresses/", addresses.addresses, name="addresses"),
    path("addresses/try/<slug:channel>/", addresses.send_trial, name="trial"),
    path("addresses/mail/again/", addresses.mail_again, name="mail_again"),
    path("addresses/line/", addresses.line, name="line"),
    path("addresses/line/code/", addresses.make_line_code, name="make_line_code"),
    path("addresses/line/unlink/", addresses.unlink_line, name="unlink_line"),
    path("addresses/browsers/add/", addresses.add_browser, name="add_browser"),
    path("addresses/browsers/renew/", addresses.renew_browser, name="renew_browser"),
    path("addresses/browsers/<int:pk>/remove/", addresses.remove_browser, name="remove_browser"),
    path("unsubscribe/<str:token>/", unsubscribing.unsubscribe, name="unsubscribe"),
    path("webhooks/line/", webhooks.line, name="line_webhook"),
    path("webhooks/mail/", webhooks.mail, name="mail_webhook"),
]
