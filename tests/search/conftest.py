"""Kinds of things to find, and a short way to put them in and ask for them."""

import pytest
from django.utils.translation import override

from search import kinds


@pytest.fixture(autouse=True)
def room_kinds(monkeypatch):
    """Only what these tests register, whatever the rooms have registered."""
    monkeypatch.setattr(kinds, "_kinds", {})
    monkeypatch.setattr(kinds, "_keys", [])
    for slug, label in (("issue", "Issues"), ("post", "Posts"), ("circular", "Circulars")):
        kinds.register(kinds.Kind(slug=slug, label=label, entries=lambda after, limit: []))


@pytest.fixture(autouse=True)
def in_english():
    """Sentences are compared in the language of the code."""
    with override("en"):
        yield
