"""A private Redis for tests: the program and the configuration of the embedded city."""

from pathlib import Path

import redis

from core import embedded
from tests.support.processes import Started


class PrivateRedis:
    """A Redis of our own, which a test may kill and start again at the same address.

    Args:
        configuration: a file that ``core.embedded.write_redis_configuration`` has written.
        url: where the server will answer.
    """

    def __init__(self, configuration: Path, url: str) -> None:
        self.url = url
        self._configuration = configuration
        self._server: Started | None = None

    def start(self) -> None:
        """Returns when it answers."""
        self._server = Started(
            [embedded.find_redis_server(), self._configuration],
            log=self._configuration.with_name("redis-output.log"),
        )
        self._server.wait_until(self._answers)

    def kill(self) -> None:
        """Ends it at once; what it held is gone, as it keeps nothing on disk."""
        if self._server is not None:
            self._server.kill()
            self._server = None

    def stop(self) -> None:
        """Ends it politely, if it runs."""
        if self._server is not None:
            self._server.stop()
            self._server = None

    def ensure_running(self) -> None:
        """Starts it if a test has left it dead."""
        if self._server is None or not self._server.is_running:
            self.start()

    def forget_everything(self) -> None:
        """Empties it."""
        with self._client() as client:
            client.flushall()

    def _answers(self) -> bool:
        try:
            with self._client() as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    def _client(self) -> redis.Redis:
        return redis.Redis.from_url(self.url, socket_timeout=2, socket_connect_timeout=2)
