"""The smallest room with a numbered record."""

from django.conf import settings
from django.db import models


class Talk(models.Model):
    """Whoever adds a line holds this row, so that the lines' numbers have no gap."""

    last = models.PositiveIntegerField(default=0)
    seconds_to_decide = models.FloatField(default=0)  # for its rule who may follow
    is_hidden = models.BooleanField(default=False)
    members = models.ManyToManyField(settings.AUTH_USER_MODEL)

    objects: models.Manager["Talk"] = models.Manager()

    class Meta:
        app_label = "talk"

    def __str__(self) -> str:
        return f"{self.pk}"


class Line(models.Model):
    talk = models.ForeignKey(Talk, on_delete=models.CASCADE)
    number = models.PositiveIntegerField()
    text = models.TextField()

    objects: models.Manager["Line"] = models.Manager()

    class Meta:
        app_label = "talk"
        unique_together = [("talk", "number")]

    def __str__(self) -> str:
        return f"{self.number}: {self.text}"
