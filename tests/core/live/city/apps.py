from django.apps import AppConfig


class TalkConfig(AppConfig):
    name = "tests.core.live.city"
    label = "talk"

    def ready(self) -> None:
        from core import live
        from tests.core.live.city.streams import Talks

        live.register("talk", Talks())
