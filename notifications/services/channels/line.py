"""By LINE: one request for up to 500 friends of the city's official account (Messaging API, official SDK)."""

import json
from collections.abc import Sequence
from typing import Any

import urllib3
from django.db import IntegrityError
from linebot.v3.messaging import (
    ApiException,
    MessagingApi,
    MulticastRequest,
    TextMessage,
    ValidateMessageRequest,
)

from notifications.models import Delivery, LineBatch, LineLink
from notifications.services import line_batches, line_quota
from notifications.services.channels.base import Outgoing, Result
from notifications.services.line_api import TIMEOUT, messaging_api

# LINE counts in UTF-16 units and takes 5,000.
LONGEST_TEXT = 4900
SECONDS_UNTIL_MENDED = 300


class LineAdapter:
    """Messages of the same words become one multicast; each request is kept before it is made.

    LINE runs a request with a known ``X-Line-Retry-Key`` only once and answers 409 to every repeat. A repeat is
    the same request word for word, to the same people, even if the outbox asks for some of them only: so what is
    unclear is asked again, and nobody gets it twice.
    """

    channel = str(Delivery.Channel.LINE)
    batch_size = 500

    def send(self, messages: Sequence[Outgoing]) -> Sequence[Result]:
        """Repeats what was left unclear, then sends the rest in as few requests as there are wordings."""
        if len(messages) > self.batch_size:
            raise ValueError(f"at most {self.batch_size} messages at a time")
        if any(not isinstance(message.address, str) for message in messages):
            raise ValueError("LINE needs user ids")
        with messaging_api() as api:
            return _Sending(api).send(messages)


def text_of(message: Outgoing) -> str:
    """The message as LINE shows it: subject, text, address; cut at the end of the text if it is too long."""
    end = f"\n\n{message.url}" if message.url else ""
    body = f"{message.subject}\n\n{message.text}" if message.text else message.subject
    room = (LONGEST_TEXT - _units(end)) * 2
    if _units(body) * 2 > room:
        body = body.encode("utf-16-le")[: room - 2].decode("utf-16-le", errors="ignore") + "…"
    return body + end


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


class _Sending:
    def __init__(self, api: MessagingApi) -> None:
        self.api = api

    def send(self, messages: Sequence[Outgoing]) -> list[Result]:
        known = line_batches.of([message.key for message in messages])
        told: dict[int, Result] = {}
        for batch in {batch.pk: batch for batch in known.values()}.values():
            outcome = self._repeat(batch)
            for place, message in enumerate(messages):
                if outcome is not None and known.get(message.key) == batch:
                    told[place] = outcome
        groups: dict[tuple[object, ...], list[int]] = {}
        seen: dict[tuple[object, ...], int] = {}
        # Who may be woken up comes first, should the month's quota not do for all.
        for place in sorted(range(len(messages)), key=lambda place: not messages[place].urgent):
            if place not in told:
                one = messages[place]
                words = (one.subject, one.text, one.url)
                # LINE takes nobody twice in one request.
                number = seen[(one.address, words)] = seen.get((one.address, words), 0) + 1
                groups.setdefault((words, number), []).append(place)
        for places in groups.values():
            text = text_of(messages[places[0]])
            within = line_quota.remaining(self.api)
            fits = places if within is None else places[:within]
            if fits:
                for place, result in zip(
                    fits, self._new(text, [messages[place] for place in fits]), strict=True
                ):
                    told[place] = result
            for place in places[len(fits) :]:
                told[place] = Result("dead", "quota")
        return [told[place] for place in range(len(messages))]

    def _repeat(self, batch: LineBatch) -> Result | None:
        """What is known of a request that was made before; ``None`` if LINE has refused it now for good."""
        if batch.state == LineBatch.State.ACCEPTED:
            return Result("sent", "recognised")
        if line_batches.is_forgotten_by_line(batch):
            return Result("unknown", "cut_off")
        try:
            return self._ask(batch)
        except _Refused:
            return None

    def _new(self, text: str, messages: Sequence[Outgoing]) -> list[Result]:
        """Sends the same words to several people; finds out who spoils it if LINE refuses the whole."""
        request = MulticastRequest(
            to=[message.address for message in messages], messages=[TextMessage(text=text)]
        )
        try:
            batch = line_batches.keep(
                keys=[message.key for message in messages], request=request.to_dict()
            )
        except IntegrityError:
            # Another worker is sending one of them at this moment.
            return [Result("retry", "busy")] * len(messages)
        try:
            return [self._ask(batch)] * len(messages)
        except _Refused:
            if not self._words_are_good(request):
                return [Result("dead", "malformed")] * len(messages)
            if len(messages) == 1:
                LineLink.objects.filter(line_user_id=messages[0].address).update(is_friend=False)
                return [Result("dead", "no_such_address", drop_address=True)]
            middle = len(messages) // 2
            return self._new(text, messages[:middle]) + self._new(text, messages[middle:])

    def _words_are_good(self, request: MulticastRequest) -> bool:
        """Whether LINE would take the words, whoever they go to."""
        try:
            self.api.validate_multicast(
                ValidateMessageRequest(messages=request.messages), _request_timeout=TIMEOUT
            )
        except ApiException as error:
            return bool(error.status != 400)
        except urllib3.exceptions.HTTPError:
            return True
        return True

    def _ask(self, batch: LineBatch) -> Result:
        """Makes the request as it is kept.

        Raises:
            _Refused: LINE says that something in it is wrong; it is forgotten.
        """
        request = MulticastRequest.from_dict(batch.request)
        try:
            self.api.multicast(
                request, x_line_retry_key=str(batch.retry_key), _request_timeout=TIMEOUT
            )
        except ApiException as error:
            return self._meaning(error, batch)
        except urllib3.exceptions.HTTPError:
            return Result("retry", "cut_off")
        line_quota.spent(len(batch.request["to"]))
        line_batches.accepted(batch)
        return Result("sent")

    def _meaning(self, error: ApiException, batch: LineBatch) -> Result:
        if error.status == 409:
            line_batches.accepted(batch)
            return Result("sent", "recognised")
        if error.status >= 500 or error.status == 408:
            # It may have been accepted: only the same request again can tell.
            return Result("retry", f"http_{error.status}")
        line_batches.refused(batch)
        if error.status == 429:
            if "monthly limit" in _said(error):
                line_quota.used_up()
                return Result("dead", "quota")
            wait = (error.headers or {}).get("Retry-After", "")
            return Result("retry", "http_429", int(wait) if wait.isdecimal() else None)
        if error.status == 400:
            raise _Refused
        # 401, 403 …: the token; somebody can mend it.
        return Result("retry", f"http_{error.status}", SECONDS_UNTIL_MENDED)


class _Refused(Exception):
    """LINE answered 400."""


def _said(error: ApiException) -> str:
    body: Any = error.body or ""
    try:
        return str(json.loads(body).get("message", ""))
    except (ValueError, AttributeError):
        return ""
