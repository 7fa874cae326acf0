"""What tests of a talk do again and again."""

import uuid

from issues.services import talk


def say(actor, issue, source="そう思います。", **more):
    return talk.post(actor=actor, thread=issue.thread, source=source, key=uuid.uuid4(), **more)


def page(client, path, status=200, **query):
    response = client.get(path, query, headers={"accept-language": "ja"})
    assert response.status_code == status
    return response.content.decode()


def send(client, issue, path="posts/", **fields):
    given = {"key": str(uuid.uuid4())} | fields
    return client.post(f"/issues/{issue.pk}/{path}", given, headers={"accept-language": "ja"})
