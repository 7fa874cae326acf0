"""Addresses of the room."""

from django.urls import path

from associations import views

app_name = "associations"
urlpatterns = [
    path("", views.index, name="index"),
    path("<int:pk>/", views.detail, name="detail"),
]
