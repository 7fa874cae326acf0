"""Addresses of the room."""

from django.urls import path

from associations.views import city, joining, letters, mine, officers, offices, pages

app_name = "associations"
urlpatterns = [
    path("", pages.index, name="index"),
    path("<int:pk>/", pages.detail, name="detail"),
    path("<int:pk>/name/", pages.rename, name="rename"),
    path("<int:pk>/move/", pages.move, name="move"),
    path("<int:pk>/blocks/new/", pages.new_block, name="new_block"),
    # Joining.
    path("join/", joining.join, name="join"),
    path("join/account/", joining.join_account, name="join_account"),
    path("join/wishes/", joining.join_wishes, name="join_wishes"),
    path("join/address/", joining.join_address, name="join_address"),
    path("<int:pk>/ask/", joining.ask, name="ask"),
    path("claim/", joining.claim, name="claim"),
    path("claim/office/", joining.claim_office, name="claim_office"),
    # What is mine.
    path("mine/", mine.mine, name="mine"),
    path("mine/looks/", mine.looks, name="looks"),
    path("mine/<int:pk>/circulars/", mine.preference, name="preference"),
    path("mine/<int:pk>/leave/", mine.leave, name="leave"),
    path("mine/<int:pk>/letter/close/", mine.close_letter, name="close_letter"),
    path("requests/<int:pk>/withdraw/", mine.withdraw_request, name="withdraw_request"),
    path("terms/<int:pk>/", mine.answer_term, name="answer_term"),
    # Officers.
    path("<int:pk>/desk/", officers.desk, name="desk"),
    path("<int:pk>/households/", officers.roster, name="roster"),
    path("<int:pk>/households/new/", officers.new_household, name="new_household"),
    path("<int:pk>/households/download/", officers.export, name="export"),
    path("<int:pk>/letters/", letters.letters, name="letters"),
    path("<int:pk>/passcode/", officers.passcode, name="passcode"),
    path("<int:pk>/requests/", officers.join_requests, name="requests"),
    path("requests/<int:pk>/approve/", officers.approve, name="approve"),
    path("requests/<int:pk>/decline/", officers.decline, name="decline"),
    path("households/<int:pk>/", officers.household, name="household"),
    path("households/<int:pk>/label/", officers.relabel, name="relabel"),
    path("households/<int:pk>/circulars/", officers.household_preference, name="wish"),
    path("households/<int:pk>/left/", officers.moved_away, name="moved_away"),
    path("households/<int:pk>/letter/", letters.letter, name="letter"),
    path("households/<int:pk>/letter/revoke/", officers.revoke_letter, name="revoke_letter"),
    # Offices.
    path("<int:pk>/offices/", offices.offices, name="offices"),
    path("<int:pk>/offices/new/", offices.new_office, name="new_office"),
    path("offices/<int:pk>/powers/", offices.powers, name="powers"),
    path("offices/<int:pk>/name/", offices.nominate, name="nominate"),
    path("terms/<int:pk>/end/", offices.end_term, name="end_term"),
    # The city.
    path("city/", city.city, name="city"),
    path("city/<int:pk>/", city.district, name="city_district"),
    path("city/<int:pk>/code/", city.claim_code, name="claim_code"),
]
