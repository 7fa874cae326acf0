"""Doors for machines: LINE and the mail provider tell what happened; browsers fetch what push notices need."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.module_loading import import_string
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.errors import DomainError, NotFound

# By the name of the provider in Anymail: who understands its webhook.
MAIL_PROVIDERS = {
    "brevo": "brevo.BrevoTrackingWebhookView",
    "mailersend": "mailersend.MailerSendTrackingWebhookView",
    "mailgun": "mailgun.MailgunTrackingWebhookView",
    "mailjet": "mailjet.MailjetTrackingWebhookView",
    "mailtrap": "mailtrap.MailtrapTrackingWebhookView",
    "postmark": "postmark.PostmarkTrackingWebhookView",
    "sendgrid": "sendgrid.SendGridTrackingWebhookView",
    "sparkpost": "sparkpost.SparkPostTrackingWebhookView",
}


@login_not_required
@csrf_exempt
@require_POST
def line(request: HttpRequest) -> HttpResponse:
    """LINE's webhook. Whoever cannot sign is not LINE."""
    if not settings.LINE_MESSAGING_SECRET:
        raise NotFound
    # Loaded here: LINE's library takes a second, and most processes never need it.
    from notifications.services import line_events

    line_events.receive(body=request.body, signature=request.headers.get("X-Line-Signature", ""))
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
@csrf_exempt
@require_http_methods(["POST", "HEAD"])
def mail(request: HttpRequest) -> HttpResponseBase:
    """The mail provider's webhook: mails that came back, complaints. Without a secret nobody is believed."""
    view = MAIL_PROVIDERS.get(settings.MAIL_PROVIDER)
    if view is None or not settings.MAIL_WEBHOOK_SECRET:
        raise NotFound
    try:
        answer: HttpResponseBase = import_string(f"anymail.webhooks.{view}").as_view()(request)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        # Signed with the secret, and yet nothing that this provider would send.
        raise DomainError from error
    return answer


@login_not_required
@never_cache
@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """The script that shows push notices; at the root, as its scope is the whole site."""
    script = render_to_string("notifications/sw.js", {"site_name": settings.SITE_NAME})
    return HttpResponse(script, content_type="text/javascript; charset=utf-8")


@login_not_required
@require_safe
def manifest(request: HttpRequest) -> JsonResponse:
    """What a phone needs to put the site on its home screen; iPhones take push notices only from there."""
    return JsonResponse(
        {
            "name": f"{settings.SITE_NAME} {settings.CITY_NAME}",
            "short_name": settings.SITE_NAME,
            "lang": "ja",
            "start_url": "/",
            "scope": "/",
            "display": "standalone",
            "background_color": "#ffffff",
            "theme_color": "#ffffff",
            "icons": [
                {
                    "src": static(f"img/mark-{size}.png"),
                    "sizes": f"{size}x{size}",
                    "type": "image/png",
                    "purpose": "any maskable",
                }
                for size in (192, 512)
            ],
        },
        content_type="application/manifest+json",
    )
