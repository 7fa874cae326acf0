"""What the room forgets of somebody who leaves."""

from accounts.models import User
from notifications.models import LineLink, LineLinkCode, MailRefusal, MailTrouble, PushSubscription


def forget(person: User) -> None:
    """Removes every address outside the app; nothing reaches them any more."""
    for model in (LineLink, LineLinkCode, MailRefusal, MailTrouble, PushSubscription):
        model.objects.filter(person=person).delete()
