"""The services of the compose file fit each other: nothing in them names what does not exist."""

from typing import Any

import pytest

from tests.deploy import commands, files

pytestmark = pytest.mark.once


def test_services_use_only_networks_volumes_and_services_that_exist_and_none_lies_idle():
    compose = files.compose()
    services = compose["services"]
    assert set(services) == {*files.OURS, *files.THEIRS}
    networks = {name for service in services.values() for name in service["networks"]}
    assert networks == compose["networks"].keys()
    sources = {
        volume.split(":")[0]
        for service in services.values()
        for volume in service.get("volumes", [])
    }
    folders = {source for source in sources if source.startswith(".")}
    assert sources - folders == compose["volumes"].keys()
    for folder in folders:
        assert (files.ROOT / folder).is_dir(), folder
    for service in services.values():
        assert service.get("depends_on", {}).keys() <= services.keys()


def test_only_the_proxy_opens_ports_and_only_those_of_the_web(services: dict[str, Any]):
    published = {name: service["ports"] for name, service in services.items() if "ports" in service}
    assert published.keys() == {"proxy"}
    assert {mapping.split(":")[1].split("/")[0] for mapping in published["proxy"]} == {"80", "443"}
    assert not any(
        "network_mode" in service or "privileged" in service for service in services.values()
    )


def test_database_and_redis_are_reached_from_inside_only(services: dict[str, Any]):
    assert files.compose()["networks"]["inside"] == {"internal": True}
    for name in ("database", "redis", "beat", "migrate"):
        assert services[name]["networks"] == ["inside"]
    assert "inside" not in services["proxy"]["networks"]


@pytest.mark.parametrize("name", [*files.OURS, *files.THEIRS])
def test_a_service_has_no_more_powers_than_it_needs(services: dict[str, Any], name: str):
    service = services[name]
    assert service["read_only"] is True
    assert "/tmp" in service["tmpfs"]
    assert service["cap_drop"] == ["ALL"]
    assert service.get("cap_add", []) == (["NET_BIND_SERVICE"] if name == "proxy" else [])
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["restart"] == ("no" if name == "migrate" else "unless-stopped")
    assert service["logging"]["driver"] == "local"


def test_nobody_starts_before_the_database_has_the_shape_that_the_code_expects(
    services: dict[str, Any],
):
    for name in set(files.OURS) - {"migrate"}:
        assert services[name]["depends_on"]["migrate"] == {
            "condition": "service_completed_successfully"
        }
        assert services[name]["depends_on"]["database"] == {"condition": "service_healthy"}
        assert services[name]["depends_on"]["redis"] == {"condition": "service_healthy"}
    assert services["migrate"]["depends_on"] == {"database": {"condition": "service_healthy"}}


def test_only_the_web_server_keeps_a_pool_of_connections_and_the_database_has_enough(
    services: dict[str, Any],
):
    pools = {name: int(services[name]["environment"]["DB_POOL_SIZE"]) for name in files.OURS}
    assert {name for name, size in pools.items() if size} == {"web"}
    workers = int(commands.option(services["web"]["command"], "--workers"))
    allowed = int(dict(commands.pairs(services["database"]["command"]))["max_connections"])
    assert workers * pools["web"] * 2 <= allowed


def test_what_people_upload_lies_in_a_volume_that_web_and_worker_share(services: dict[str, Any]):
    media = f"{files.image_environment()['DATA_DIR']}/media"
    assert services["web"]["volumes"] == services["worker"]["volumes"] == [f"media:{media}"]


def test_redis_never_throws_work_away(services: dict[str, Any]):
    script = services["redis"]["command"][-1]
    assert "--maxmemory-policy noeviction" in script
    assert 'requirepass $REDIS_PASSWORD"' in script
