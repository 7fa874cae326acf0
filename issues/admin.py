"""Administration of the board: the city defines its categories here."""

from django.contrib import admin

from issues.models import Category


@admin.register(Category)
class CategoryAdmin(admin.ModelAdmin):
    list_display = ("name", "name_easy", "name_en", "slug", "position", "is_active")
    list_editable = ("position", "is_active")
