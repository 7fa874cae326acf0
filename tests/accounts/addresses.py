"""What stands in the addresses of signing in and of people's own pages."""

from typing import Any

from accounts.models import User
from tests.support.addresses import leads_to_something


@leads_to_something("admin:accounts_user_change")
def a_person_in_the_administration() -> dict[str, Any]:
    return {"object_id": User.objects.earliest("pk").pk}


@leads_to_something("admin:auth_user_password_change")
def the_password_of_a_person() -> dict[str, Any]:
    return {"id": User.objects.earliest("pk").pk}
