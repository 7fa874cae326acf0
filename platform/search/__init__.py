"""The search of the house: one index of everything that people may look for.

How a room joins
----------------

1. Say in ``apps.py`` what there is to find, and who carries which key::

       def ready(self) -> None:
           from search import kinds
           from associations import selectors

           kinds.register(kinds.Kind(
               slug="association", label=_("Neighbourhood associations"),
               entries=selectors.search_entries,    # for the rebuild, in chunks
           ))
           kinds.register_keys(selectors.search_keys)    # person -> {"association:12", ...}

   A key is a word of the room's own choosing for "those who may see this"; every document names its keys,
   and a reader finds it who carries one of them. ``PUBLIC`` is carried by everybody, ``SIGNED_IN`` by
   whoever has signed in.

2. In the service that writes the thing, inside its transaction::

       search.services.index([Entry(
           kind="association", object_id=association.pk, title=association.name,
           text=association.introduction, url=association.get_absolute_url(),
           changed_at=association.changed_at, audience=frozenset({PUBLIC}),
       )])

   and ``search.services.remove("association", [association.pk])`` when it goes or must no longer be seen. A
   change of the audience is an ``index`` with the new one. What is rolled back is not found.

3. ``entries(after, limit)`` gives the entries of the next ``limit`` objects whose id is above ``after``, by id
   and in a flat number of queries; ``manage.py rebuild_search`` calls it.

Why pairs of characters, and what each database does with them: docs/adr/0007-search-by-bigrams.md
"""
