"""Who may do what in the room; what a person was told is theirs alone. Whether somebody is told stands in
``notifications.kinds.precedence``.
"""

from accounts.rules import Visitor, is_administrator, is_city_staff


def may_see_undelivered(person: Visitor) -> bool:
    """See what could not be delivered, and let it be tried again: city staff and administrators."""
    return is_city_staff(person) or is_administrator(person)
