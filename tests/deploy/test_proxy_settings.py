"""Proxy and web server agree: on addresses, on sizes, on who may say what about a client."""

import ipaddress
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from tests.deploy import commands, files
from tests.deploy.caddy import CADDY, caddy
from tests.support.programs import need

pytestmark = pytest.mark.once


def test_the_web_server_believes_the_proxy_and_nobody_else(services: dict[str, Any]):
    believed = commands.option(services["web"]["command"], "--forwarded-allow-ips")
    assert believed == services["proxy"]["networks"]["edge"]["ipv4_address"]
    network = files.resolved_compose(files.filled_in_example())["networks"]["edge"]["ipam"][
        "config"
    ][0]
    address = ipaddress.ip_address(believed)
    assert address in ipaddress.ip_network(network["subnet"])
    assert address not in ipaddress.ip_network(network["ip_range"]), (
        "another container could get it"
    )
    assert believed != network["gateway"]
    assert "--proxy-headers" in services["web"]["command"]


def test_every_variable_of_the_caddyfile_is_given_to_the_proxy(services: dict[str, Any]):
    used = set(re.findall(r"\{\$(\w+)", files.CADDYFILE.read_text()))
    assert used == services["proxy"]["environment"].keys()


def test_the_proxy_leads_to_the_web_server(services: dict[str, Any]):
    service, port = services["proxy"]["environment"]["WEB_ADDRESS"].split(":")
    assert port == commands.option(services[service]["command"], "--port")
    assert set(services[service]["networks"]) & set(services["proxy"]["networks"])


def test_proxy_and_application_agree_on_the_largest_request(services: dict[str, Any]):
    assert int(services["proxy"]["environment"]["MAX_BODY_BYTES"]) == settings.MAX_BODY_BYTES
    assert "max_size {$MAX_BODY_BYTES}" in files.CADDYFILE.read_text()


def test_the_proxy_throws_away_what_clients_claim_about_themselves():
    text = _without_comments(files.CADDYFILE.read_text())
    assert "trusted_proxies" not in text
    assert "header_up X-Forwarded-For" not in text, "Caddy's own value is the true one"


def test_headers_of_the_application_are_left_to_the_application():
    text = _without_comments(files.CADDYFILE.read_text()).lower()
    assert "strict-transport-security" not in text
    assert "content-security-policy" not in text


def test_the_proxy_lets_go_of_a_connection_before_the_web_server_does(services: dict[str, Any]):
    kept = re.search(r"keepalive (\d+)s", files.CADDYFILE.read_text())
    assert kept is not None
    assert int(kept[1]) < int(commands.option(services["web"]["command"], "--timeout-keep-alive"))


def test_every_page_of_the_proxy_exists_where_it_is_mounted(services: dict[str, Any]):
    folder, inside, _mode = next(
        volume for volume in services["proxy"]["volumes"] if volume.startswith("./")
    ).split(":")
    assert (files.ROOT / folder / "Caddyfile") == files.CADDYFILE
    assert inside == "/etc/caddy", "where the image looks for its Caddyfile"
    pages = services["proxy"]["environment"]["PAGES_DIR"].replace(inside, folder)
    for page in re.findall(r"rewrite \* /(\S+)", files.CADDYFILE.read_text()):
        assert (files.ROOT / pages / page).is_file(), page


def test_caddy_itself_takes_the_caddyfile(services: dict[str, Any], tmp_path: Path):
    need(CADDY)
    surroundings = services["proxy"]["environment"] | {"HOME": str(tmp_path)}
    caddy("validate", "--config", files.CADDYFILE, "--adapter", "caddyfile", **surroundings)


def _without_comments(text: str) -> str:
    return re.sub(r"^\s*#.*$", "", text, flags=re.MULTILINE)
