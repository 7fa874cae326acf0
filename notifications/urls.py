"""Addresses of the room; until it is furnished, one friendly page."""

from django.urls import path

from core.rooms import NOTIFICATIONS
from core.views import RoomInPreparation
from notifications.views import addresses, unsubscribing, webhooks

app_name = "notifications"
urlpatterns = [
    path("", RoomInPreparation.as_view(room=NOTIFICATIONS), name="index"),
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
