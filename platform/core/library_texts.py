"""Sentences of the libraries that we say in our own words.

Django looks in our ``locale/`` first, so a text listed here can be said more kindly there than its library
does. Nothing imports this module: it exists for ``make messages`` to find the texts.
"""

from django.utils.translation import gettext_noop as _

FORMS = (
    _("This field is required."),
    _("Enter a valid email address."),
    _("Enter a whole number."),
    _("Enter a number."),
    _("Enter a valid date."),
    _("Enter a valid URL."),
    _("Null characters are not allowed."),
    _("The submitted file is empty."),
    _("Ensure this value is less than or equal to %(limit_value)s."),
    _("Ensure this value is greater than or equal to %(limit_value)s."),
)
