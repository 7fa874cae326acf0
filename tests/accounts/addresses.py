"""What stands in the addresses of signing in and of people's own pages."""

from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str

from accounts.models import User
from tests.support.addresses import leads_to_something


@leads_to_something("account_confirm_email")
def a_mail_that_asks_for_confirmation() -> dict[str, Any]:
    person = User.objects.earliest("pk")
    address, _ = EmailAddress.objects.get_or_create(
        user=person, email="to-be-confirmed@example.org", defaults={"verified": False}
    )
    return {"key": EmailConfirmationHMAC.create(address).key}


@leads_to_something("account_reset_password_from_key")
def a_mail_that_lets_choose_a_new_password() -> dict[str, Any]:
    person = User.objects.earliest("pk")
    token = default_token_generator.make_token(person)
    return {"uidb36": user_pk_to_url_str(person), "key": token}


@leads_to_something("admin:accounts_user_change")
def a_person_in_the_administration() -> dict[str, Any]:
    return {"object_id": User.objects.earliest("pk").pk}


@leads_to_something("admin:auth_user_password_change")
def the_password_of_a_person() -> dict[str, Any]:
    return {"id": User.objects.earliest("pk").pk}
