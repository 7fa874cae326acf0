"""The same streams by HTTP, for those whose network lets no WebSocket through."""

import re

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.live.limits import limits
from core.live.registry import KEY, kind_of
from core.live.wire import encode, event_frame

NUMBER = re.compile(r"[0-9]{1,15}\Z")


@login_not_required
@never_cache
@require_safe
def events(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """The next page of a stream's events after ``?after=<seq>``, and the number of the last one.

    Answers at once, also when there is nothing new: an answer that waits for news would hold one thread for each
    reader, and the readers of this address are those for whom a few seconds matter least.
    """
    streams = kind_of(kind)
    if streams is None or not KEY.match(key) or not streams.may_join(request.user, key):
        return JsonResponse({"error": "not_found"}, status=404)
    last = streams.last_seq(key)
    after = request.GET.get("after", str(last))
    if not NUMBER.match(after):
        return JsonResponse({"error": "malformed"}, status=400)
    behind = last - int(after)
    must_reload = not 0 <= behind <= limits().most_replayed
    found = (
        streams.events_after(key, int(after), limits().page) if behind and not must_reload else []
    )
    head = {
        "last": last,
        "reload": must_reload,
        "more": bool(found) and found[-1].seq < last,
        "poll": limits().poll,
    }
    # The frames are those of the socket, to the letter.
    frames = ",".join(event_frame(event) for event in found)
    body = f'{encode(head)[:-1]},"events":[{frames}]}}'
    return HttpResponse(body, content_type="application/json")
