"""What a sign-in passes through."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.stages import EmailVerificationStage


class ConfirmAddressIfAny(EmailVerificationStage):
    """An address must be confirmed before the first sign-in; whoever has none needs none."""

    def handle(self) -> tuple[Any, bool]:
        person = self.login.user
        if (
            person is not None
            and not person.email
            and not EmailAddress.objects.filter(user=person).exists()
        ):
            return None, True
        handled: tuple[Any, bool] = super().handle()
        return handled
