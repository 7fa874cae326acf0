"""Every variable of the deployment files and of the settings is explained to operators, and truly."""

import re

import pytest

from tests.deploy import files

pytestmark = pytest.mark.once

# What production's settings read and no operator sets, with the reason.
NOT_FOR_OPERATORS = {
    "DEBUG": "never on in production",
    "DATA_DIR": "the image sets it; the volume is mounted there",
    "MEDIA_ROOT": "follows DATA_DIR, where the volume is mounted",
    "LIVE_LIMITS": "bounds that fit every city; docs/live-protocol.md explains them to who must change one",
    "STATIC_ROOT": "collected when the image is built",
}


def test_every_variable_of_the_compose_file_stands_in_the_example():
    set_here, defaults = files.example()
    assert files.variables(files.COMPOSE.read_text()) <= set_here.keys() | defaults.keys()


def test_every_variable_that_settings_read_is_explained_to_operators_or_not_for_them():
    set_here, defaults = files.example()
    read = files.variables_that_settings_read().keys()
    assert "SECRET_KEY" in read, "the walk through the settings finds nothing"
    assert read - set_here.keys() - defaults.keys() == NOT_FOR_OPERATORS.keys()


def test_nothing_stands_in_the_example_that_nobody_reads():
    set_here, defaults = files.example()
    read = files.variables_that_settings_read().keys() | files.variables(files.COMPOSE.read_text())
    assert set_here.keys() | defaults.keys() <= read
    assert not set_here.keys() & defaults.keys()


def test_the_example_says_truly_what_is_used_when_a_line_is_left_out():
    set_here, defaults = files.example()
    values = set_here | {"POSTGRES_PASSWORD": "password", "REDIS_PASSWORD": "password"}
    text = files.COMPOSE.read_text()
    from_settings = files.variables_that_settings_read()
    for name, said in defaults.items():
        in_compose = re.search(r"\$\{" + name + r":-(.*?\})?[^{}]*?\}", text)
        if in_compose:
            used = files.resolve(in_compose[0], values)
        elif name in files.image_environment():
            used = files.image_environment()[name]
        else:
            default = from_settings[name]
            used = (
                ""
                if default == []
                else ",".join(default)
                if isinstance(default, list)
                else str(default).lower()
                if isinstance(default, bool)
                else str(default)
            )
        assert said == used, name


def test_the_example_holds_no_secret_that_could_be_used():
    set_here, _ = files.example()
    secrets = {name for name in set_here if re.search("SECRET|PASSWORD|TOKEN|PRIVATE", name)}
    assert {"SECRET_KEY", "POSTGRES_PASSWORD", "REDIS_PASSWORD"} <= secrets
    assert {set_here[name] for name in secrets} == {""}


@pytest.mark.parametrize(
    "name", ["SITE_DOMAIN", "ACME_EMAIL", "SECRET_KEY", "POSTGRES_PASSWORD", "REDIS_PASSWORD"]
)
def test_compose_refuses_to_start_without_what_must_be_set(name: str):
    values = files.filled_in_example()
    files.resolved_compose(values)
    with pytest.raises(LookupError, match=f"Set {name} in .env"):
        files.resolved_compose(values | {name: ""})
