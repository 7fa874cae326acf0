"""Channels that lead nowhere: they note what they were given and answer what a test has told them to."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field

from notifications.kinds.precedence import OUTSIDE
from notifications.services.channels import Destination, Outgoing, Result

Answer = Callable[[Outgoing], Result]


@dataclass
class Sinks:
    """All channels of a test: who has an address where, what was sent, what is answered."""

    sent: list[tuple[str, Outgoing]] = field(default_factory=list)
    addresses: dict[str, set[int]] = field(default_factory=lambda: {str(c): set() for c in OUTSIDE})
    answers: dict[str, Answer] = field(default_factory=dict)

    def reach(self, person: int, *channels: str) -> None:
        """Gives somebody an address in these channels."""
        for channel in channels:
            self.addresses[channel].add(person)

    def answer(self, channel: str, *states: str, retry_after: int | None = None) -> None:
        """What the channel answers, one after the other; then "sent"."""
        left = list(states)
        self.answers[channel] = lambda message: (
            Result(left.pop(0), "told_to", retry_after) if left else Result("sent")  # type: ignore[arg-type]
        )

    def to(self, person: int) -> list[tuple[str, str]]:
        """Channel and subject of what somebody was sent."""
        return [(c, message.subject) for c, message in self.sent if message.recipient_id == person]

    def of(self, channel: str, people: Collection[int]) -> dict[int, list[Destination]]:
        """Stands in for ``channels.addresses.of``."""
        return {
            person: [f"{channel}-{person}"]
            for person in people
            if person in self.addresses[channel]
        }

    def adapter(self, channel: str) -> "Sink":
        """Stands in for ``channels.adapter``."""
        return Sink(channel, self)


@dataclass
class Sink:
    """One channel that leads nowhere."""

    channel: str
    sinks: Sinks
    batch_size: int = 100

    def send(self, messages: Sequence[Outgoing]) -> Sequence[Result]:
        """Notes them."""
        assert len(messages) <= self.batch_size
        answer = self.sinks.answers.get(self.channel, lambda message: Result("sent"))
        self.sinks.sent += [(self.channel, message) for message in messages]
        return [answer(message) for message in messages]
