"""Words for devices and services on a person's own pages."""

from django import template
from django.utils.translation import gettext

from accounts.selectors import SERVICE_NAMES, device_in_words

register = template.Library()


@register.filter
def device(user_agent: str) -> str:
    """The kind of device that a browser says it runs on."""
    return device_in_words(user_agent)


@register.filter
def service_name(provider_id: str) -> str:
    """A service as it writes its own name: LINE, Google."""
    return SERVICE_NAMES.get(provider_id, provider_id)


@register.filter
def in_groups(key: str) -> str:
    """A long key in groups of four, as it is easier to copy."""
    return " ".join(key[start : start + 4] for start in range(0, len(key), 4))


@register.filter
def join_services(provider_ids: list[str]) -> str:
    """The services that are connected, in a row."""
    if not provider_ids:
        return gettext("Not connected")
    return ", ".join(service_name(provider_id) for provider_id in provider_ids)
