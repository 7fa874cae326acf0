"""Addresses of a person's own pages."""

from django.urls import path

from accounts.views import confirming, me, own_data, students

app_name = "accounts"
urlpatterns = [
    path("", me.me, name="me"),
    path("name/", me.display_name, name="display_name"),
    path("user-name/", me.user_name, name="user_name"),
    path("display/", me.preferences, name="preferences"),
    path("skills/", me.skills, name="skills"),
    path("second-step/", me.second_factor_needed, name="second_factor_needed"),
    path("confirm/", confirming.confirm, name="confirm"),
    path("confirm/code/", confirming.send_code, name="send_code"),
    path("student/", students.student, name="student"),
    path("student/code/", students.student_code, name="student_code"),
    path("data/", own_data.my_data, name="my_data"),
    path("data/download/", own_data.take_along, name="take_along"),
    path("leave/", own_data.leave, name="leave"),
    path("leave/confirm/", own_data.leave_for_good, name="leave_for_good"),
]
