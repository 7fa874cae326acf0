"""Administration of the tree: read only, since only services keep it whole.

Who belongs to which household is not here: every look at that is logged, and this page logs none.
"""

from django.contrib import admin

from associations.models import Association, Town
from core.admin import ReadOnly


@admin.register(Association)
class AssociationAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("name", "kind", "depth", "is_active")
    list_filter = ("kind", "is_active")
    search_fields = ("name", "kana")
    ordering = ("path",)


@admin.register(Town)
class TownAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("name", "postal_code", "association")
    search_fields = ("name", "kana", "postal_code")
    list_select_related = ("association",)
