"""What stands in the addresses of the room."""

from typing import Any

from accounts.models import User
from notifications.models import Notification, PushSubscription
from notifications.services.unsubscribing import url_for
from tests.support.addresses import leads_to_something


def a_notification() -> dict[str, Any]:
    return {"pk": Notification.objects.order_by("-pk").values_list("pk", flat=True)[0]}


for name in ("open", "mute", "why", "open_broadcast", "end_mute", "try_again"):
    leads_to_something(f"notifications:{name}")(a_notification)


@leads_to_something("notifications:trial")
def a_channel() -> dict[str, Any]:
    return {"channel": "email"}


@leads_to_something("notifications:unsubscribe")
def a_way_out_of_a_mail() -> dict[str, Any]:
    url = url_for(recipient_id=User.objects.earliest("pk").pk, category="talk")
    return {"token": url.rstrip("/").rpartition("/")[2]}


@leads_to_something("notifications:remove_browser")
def a_browser() -> dict[str, Any]:
    row, _ = PushSubscription.objects.get_or_create(
        endpoint_digest="0" * 64,
        defaults={
            "person": User.objects.earliest("pk"),
            "endpoint": "https://fcm.googleapis.com/fcm/send/0",
            "p256dh": "",
            "auth": "",
            "server_key": "",
            "device": "iPhone",
        },
    )
    return {"pk": row.pk}
