"""Administration of people: thin, every act is a service's."""

from typing import Any, cast

from allauth.account.decorators import secure_admin_login
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts import services
from accounts.models import Role, RoleGrant, StudentAddress, User
from core import audit
from core.errors import DomainError

# Django's own sign-in page knows neither the limits nor the second factor.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]


def _actor(request: HttpRequest) -> User:
    # The administration is closed to guests.
    return cast(User, request.user)


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    list_display = ("username", "display_name", "is_active", "is_staff", "date_joined")
    list_filter = ("is_active", "is_staff")
    search_fields = ("username", "display_name")
    ordering = ("username",)
    # Powers come from roles and are granted there, with a line in the audit log.
    fieldsets = ((None, {"fields": ("username", "password", "display_name")}),)
    add_fieldsets = ((None, {"fields": ("username", "display_name", "password1", "password2")}),)
    readonly_fields = ("is_active",)
    filter_horizontal = ()
    actions = ("sign_out", "close", "reopen", "erase")

    def has_delete_permission(self, *args: Any, **kwargs: Any) -> bool:
        # Accounts are erased by the service, which keeps what people contributed.
        return False

    def save_model(self, request: HttpRequest, obj: User, form: ModelForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        act = "accounts.changed_by_administrator" if change else "accounts.account_opened"
        audit.record(
            actor=_actor(request), act=act, target=obj, detail={"fields": form.changed_data}
        )

    @admin.action(description=_("Sign these people out on every device"))
    def sign_out(self, request: HttpRequest, people: QuerySet[User]) -> None:
        self._each(request, people, services.sign_out_everywhere)

    @admin.action(description=_("Close these accounts for now"))
    def close(self, request: HttpRequest, people: QuerySet[User]) -> None:
        self._each(request, people, services.close_account)

    @admin.action(description=_("Open these accounts again"))
    def reopen(self, request: HttpRequest, people: QuerySet[User]) -> None:
        self._each(request, people, services.reopen_account)

    @admin.action(description=_("Delete these accounts for good (contributions stay)"))
    def erase(self, request: HttpRequest, people: QuerySet[User]) -> None:
        self._each(request, people, services.erase_account)

    def _each(self, request: HttpRequest, people: QuerySet[User], act: Any) -> None:
        for person in people:
            try:
                act(actor=_actor(request), person=person)
            except DomainError as error:
                self.message_user(request, f"{person.username}: {error}", messages.ERROR)


@admin.register(RoleGrant)
class RoleGrantAdmin(admin.ModelAdmin):
    list_display = ("person", "role", "granted_by", "granted_at", "ended_at")
    list_filter = ("role", ("ended_at", admin.EmptyFieldListFilter))
    list_select_related = ("person", "granted_by")
    search_fields = ("person__username", "person__display_name")
    autocomplete_fields = ("person",)
    fields = ("person", "role")
    actions = ("end",)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.is_superuser

    def has_delete_permission(self, *args: Any, **kwargs: Any) -> bool:
        return False

    def save_model(
        self, request: HttpRequest, obj: RoleGrant, form: ModelForm, change: bool
    ) -> None:
        grant = services.grant_role(actor=_actor(request), person=obj.person, role=Role(obj.role))
        obj.pk = grant.pk

    @admin.action(description=_("End these roles now"))
    def end(self, request: HttpRequest, grants: QuerySet[RoleGrant]) -> None:
        for grant in grants.filter(ended_at=None).select_related("person"):
            try:
                services.end_role(actor=_actor(request), person=grant.person, role=Role(grant.role))
            except DomainError as error:
                self.message_user(request, f"{grant.person.username}: {error}", messages.ERROR)


@admin.register(StudentAddress)
class StudentAddressAdmin(admin.ModelAdmin):
    list_display = ("person", "address", "confirmed_at")
    list_select_related = ("person",)

    def has_add_permission(self, *args: Any, **kwargs: Any) -> bool:
        return False

    def has_change_permission(self, *args: Any, **kwargs: Any) -> bool:
        return False
