"""What stands in the addresses of the room: the newest notification of the demo city."""

from typing import Any

from django.core import signing

from notifications.models import Notification
from notifications.services.choosing import UNSUBSCRIBE
from tests.support.addresses import leads_to_something


def a_notification() -> dict[str, Any]:
    return {"pk": Notification.objects.order_by("-pk").values_list("pk", flat=True)[0]}


for name in ("open", "mute", "why", "open_broadcast", "end_mute", "try_again"):
    leads_to_something(f"notifications:{name}")(a_notification)


@leads_to_something("notifications:unsubscribe")
def a_link_in_a_mail() -> dict[str, Any]:
    return {"token": signing.dumps([1, "talk"], salt=UNSUBSCRIBE, compress=False)}
