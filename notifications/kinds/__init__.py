"""Kinds of notification: what can happen, how it is worded, and who may see it now.

Every room declares its kinds in one module, ``<room>/notices.py``, and registers them when its app is ready::

    REPLY = kinds.Kind(name="issues.reply", category=TALK, model=Post, …)
    kinds.register(REPLY)

Who is told stands in the room's services, by an explicit call of ``notifications.services.notify``.
"""

from notifications.kinds.registry import (
    Category,
    Fact,
    Kind,
    Lookup,
    UnknownKind,
    categories,
    get,
    known,
    register,
)

__all__ = [
    "Category",
    "Fact",
    "Kind",
    "Lookup",
    "UnknownKind",
    "categories",
    "get",
    "known",
    "register",
]
