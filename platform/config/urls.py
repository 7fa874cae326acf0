"""Every address of the house. These are public promises: change none without a redirect."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("core.urls")),
    path("live/", include("core.live.urls")),
    path("search/", include("search.urls")),
    path("accounts/", include("allauth.urls")),
    path("me/", include("accounts.urls")),
    path("issues/", include("issues.urls")),
    path("circulars/", include("circulars.urls")),
    path("events/", include("events.urls")),
    path("projects/", include("matching.urls")),
    path("associations/", include("associations.urls")),
    path("notifications/", include("notifications.urls")),
    path("moderation/", include("moderation.urls")),
    path("admin/", admin.site.urls),
]

handler400 = "core.error_pages.bad_request"
handler403 = "core.error_pages.permission_denied"
handler404 = "core.error_pages.page_not_found"
handler429 = "core.error_pages.too_many_requests"  # asked for by allauth
handler500 = "core.error_pages.server_error"
