"""What stands in the addresses of the room: the newest notification of the demo city."""

from typing import Any

from notifications.models import Notification
from tests.support.addresses import leads_to_something


def a_notification() -> dict[str, Any]:
    return {"pk": Notification.objects.order_by("-pk").values_list("pk", flat=True)[0]}


for name in ("open", "mute", "open_broadcast"):
    leads_to_something(f"notifications:{name}")(a_notification)
