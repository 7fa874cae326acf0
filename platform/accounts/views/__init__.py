"""A person's own pages."""

from django.http import HttpRequest

from accounts.models import User


class PersonRequest(HttpRequest):
    """A request of somebody who is signed in: LoginRequiredMiddleware lets no guest come to such a view."""

    user: User
