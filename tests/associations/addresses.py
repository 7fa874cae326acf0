"""What stands in the addresses of associations."""

from typing import Any

from associations.models import Association
from tests.support.addresses import leads_to_something


@leads_to_something("associations:detail")
def an_association() -> dict[str, Any]:
    return {"pk": Association.objects.get(name="石引2丁目町会").pk}
