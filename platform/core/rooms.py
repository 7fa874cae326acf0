"""The rooms of the house, as people see them: name, colour, what is done there.

One list serves the navigation, the friendly pages of rooms in preparation and the guests' doors.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True)
class Room:
    """A room: ``slug`` names its colour, its icon and its address."""

    slug: str
    url_name: str
    label: Promise
    purpose: Promise
    in_navigation: bool = True


HOME = Room(
    slug="home",
    url_name="core:home",
    label=pgettext_lazy("navigation", "Home"),
    purpose=_("What needs you now, and what is new nearby."),
)
ISSUES = Room(
    slug="issues",
    url_name="issues:index",
    label=pgettext_lazy("navigation", "Issues"),
    purpose=_("Bring up what troubles your neighbourhood, and talk it through together."),
)
CIRCULARS = Room(
    slug="circulars",
    url_name="circulars:index",
    label=pgettext_lazy("navigation", "Circulars"),
    purpose=_("Read the notices of your neighbourhood association and answer with one press."),
)
EVENTS = Room(
    slug="events",
    url_name="events:index",
    label=pgettext_lazy("navigation", "Events"),
    purpose=_("Find meetings, classes and clean-ups, and sign up for them."),
)
PROJECTS = Room(
    slug="projects",
    url_name="matching:index",
    label=pgettext_lazy("navigation", "Helpers wanted"),
    purpose=_("Communities look for students, students find something worth doing."),
)
NOTIFICATIONS = Room(
    slug="notifications",
    url_name="notifications:index",
    label=pgettext_lazy("navigation", "Notices"),
    purpose=_("Everything that concerns you, in one place."),
    in_navigation=False,
)
ASSOCIATIONS = Room(
    slug="associations",
    url_name="associations:index",
    label=pgettext_lazy("navigation", "Neighbourhood associations"),
    purpose=_("Who belongs together, and who may do what until when."),
    in_navigation=False,
)
MODERATION = Room(
    slug="moderation",
    url_name="moderation:index",
    label=pgettext_lazy("navigation", "Facilitators' desk"),
    purpose=_("What needs a facilitator's hand, one step each."),
    in_navigation=False,
)

ROOMS = (HOME, ISSUES, CIRCULARS, EVENTS, PROJECTS, NOTIFICATIONS, ASSOCIATIONS, MODERATION)
NAVIGATION = tuple(room for room in ROOMS if room.in_navigation)
