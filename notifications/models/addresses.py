"""Where a person can be reached outside the app, and what is wrong with it.

E-mail addresses themselves belong to the room of accounts, which proves them; here stands only what happened
to mails. LINE and browsers are known here alone.
"""

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class MailTrouble(models.Model):
    """An address to which no more notices go, until the person says that it is in order again."""

    class Kind(models.TextChoices):
        BOUNCED = "bounced", _("Mails came back")
        COMPLAINED = "complained", _("A mail was reported as unwanted")

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="mail_troubles",
        verbose_name=_("person"),
    )
    # In lower case: capitals make no other mailbox that anybody would have.
    address = models.EmailField(_("e-mail address"))
    kind = models.CharField(_("what happened"), max_length=10, choices=Kind)
    # What the other mail server said, without names: 5.1.1, spam …
    reason = models.CharField(_("reason"), max_length=40, blank=True)
    since = models.DateTimeField(_("since"), default=timezone.now)

    class Meta:
        verbose_name = _("trouble with an e-mail address")
        verbose_name_plural = _("troubles with e-mail addresses")
        constraints = [
            models.UniqueConstraint(Lower("address"), name="mail_trouble_one_for_an_address"),
            models.CheckConstraint(
                condition=models.Q(kind__in=["bounced", "complained"]),
                name="mail_trouble_kind_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class MailRefusal(models.Model):
    """Mails of one category that a person has stopped, by a click in a mail or on their page."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="mail_refusals",
        db_index=False,
        verbose_name=_("person"),
    )
    category = models.CharField(_("category"), max_length=60)
    at = models.DateTimeField(_("since"), default=timezone.now)

    class Meta:
        verbose_name = _("refused mails")
        verbose_name_plural = _("refused mails")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "category"], name="mail_refusal_once_a_category"
            ),
        ]

    def __str__(self) -> str:
        return self.category


class PushSubscription(models.Model):
    """One browser of one person that takes push notices (W3C Push API)."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="push_subscriptions",
        verbose_name=_("person"),
    )
    # Whoever knows it can reach the browser: never shown, never logged.
    endpoint = models.TextField(_("address at the push service"), max_length=1000)
    # SHA-256 of the endpoint: an index over a thousand characters helps nobody.
    endpoint_digest = models.CharField(_("digest"), max_length=64, unique=True)
    p256dh = models.CharField(_("public key of the browser"), max_length=100)
    auth = models.CharField(_("secret of the browser"), max_length=40)
    # A browser takes messages only from the key it subscribed with; after a change it must be asked again.
    server_key = models.CharField(_("public key of the site"), max_length=100)
    device = models.CharField(_("device"), max_length=40)
    created_at = models.DateTimeField(_("added"), default=timezone.now)

    class Meta:
        verbose_name = _("browser with push notices")
        verbose_name_plural = _("browsers with push notices")

    def __str__(self) -> str:
        return self.device


class LineLink(models.Model):
    """The LINE account of a person, at the city's official account; one each."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="line_link",
        verbose_name=_("person"),
    )
    line_user_id = models.CharField(_("LINE user id"), max_length=64, unique=True)
    is_friend = models.BooleanField(_("friend"), default=True)
    # When LINE saw it: webhooks may come late, twice, and in another order.
    friendship_at = models.DateTimeField(_("friend or blocked since"), default=timezone.now)
    linked_at = models.DateTimeField(_("linked"), default=timezone.now)

    class Meta:
        verbose_name = _("link with LINE")
        verbose_name_plural = _("links with LINE")

    def __str__(self) -> str:
        return f"LINE {self.pk}"


class LineLinkCode(models.Model):
    """A code that shows whose LINE account a message comes from; one a person, for ten minutes, once."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="line_link_code",
        verbose_name=_("person"),
    )
    digest = models.CharField(_("digest"), max_length=64, unique=True)
    expires_at = models.DateTimeField(_("expires"))

    class Meta:
        verbose_name = _("code for LINE")
        verbose_name_plural = _("codes for LINE")

    def __str__(self) -> str:
        return f"code {self.pk}"
