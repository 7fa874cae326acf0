"""Administration of the ground floor: the audit log and the heartbeats can be read there, not changed."""

from typing import Any

from django.contrib import admin
from taggit.models import Tag

from core.models import AuditEntry, Heartbeat

# taggit's own page merges tags without asking for a permission, without a row in the audit log, and fails when
# no tag was chosen. A room that needs tags to be tended brings a service and a page of its own.
admin.site.unregister(Tag)


class ReadOnly:
    """Shows rows, changes none."""

    def has_add_permission(self, *args: Any, **kwargs: Any) -> bool:
        return False

    def has_change_permission(self, *args: Any, **kwargs: Any) -> bool:
        return False

    def has_delete_permission(self, *args: Any, **kwargs: Any) -> bool:
        return False


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("at", "actor", "act", "target_type", "target_id", "address")
    list_filter = ("act",)
    list_select_related = ("actor",)
    date_hierarchy = "at"


@admin.register(Heartbeat)
class HeartbeatAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("name", "beaten_at")
