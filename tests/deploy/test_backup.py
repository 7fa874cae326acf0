"""What bin/backup saves, bin/restore brings back: the scripts themselves, on a private PostgreSQL.

Instead of Docker a small stand-in runs what comes after ``docker compose exec SERVICE`` on this machine.
"""

import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.deploy import files, servers
from tests.support.environment import bare
from tests.support.programs import POSTGRESQL, need

pytestmark = [pytest.mark.once, pytest.mark.xdist_group("backup")]

# Nobody signs in here, so the passwords of the demo need no costly hash.
FURNISH = """
from django.conf import settings
from django.core.management import call_command
from accounts import demo
from core.demo import HANDFUL
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
call_command("migrate", verbosity=0)
demo.load(HANDFUL)
"""
# Starts some hundred times, so without what site-packages would bring.
STAND_IN = """#!{python} -IS
import os, subprocess, sys
compose, act, *words = sys.argv[1:]
assert compose == "compose"
with open("{calls}", "a") as calls:
    calls.write(act + " " + " ".join(words) + "\\n")
if act in ("exec", "run"):
    while words[0].startswith("-"):
        words.pop(0)
    service, *command = words
    assert service in ("database", "worker"), service
    command = [word.replace("=/data", "={data}") for word in command]
    if os.environ.get("FAILS") in command:
        sys.exit(1)
    sys.exit(subprocess.run(command).returncode)
"""


@dataclass(frozen=True)
class House:
    cluster: servers.Postgresql
    folder: Path

    @property
    def media(self) -> Path:
        return self.folder / "data/media"

    @property
    def backups(self) -> Path:
        return self.folder / "backups"

    def script(
        self, name: str, *arguments: object, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        """Runs one of our scripts with the stand-in for Docker first on its path."""
        path = f"{self.folder / 'bin'}:{self.cluster.environment['PATH']}"
        return subprocess.run(
            [files.ROOT / "bin" / name, *map(str, arguments)],
            env=self.cluster.environment | {"PATH": path, **environment},
            capture_output=True,
            text=True,
        )

    def manage(self, *words: str) -> subprocess.CompletedProcess[str]:
        """The application itself, as its own role and over the network."""
        environment = bare() | files.filled_in_example() | {
            "DJANGO_SETTINGS_MODULE": "config.settings.production",
            "SITE_URL": "https://yoriai.city.example.lg.jp",
            "ALLOWED_HOSTS": "yoriai.city.example.lg.jp",
            "DATABASE_URL": self.cluster.url,
        }  # fmt: skip
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=files.ROOT,
            env=environment,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        return done

    def rows(self) -> dict[str, str]:
        """Every table of the application with the number and the fingerprint of its rows."""
        tables = self.cluster.sql(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        ).split()
        count = "count(*) || ' ' || coalesce(md5(string_agg(t::text, ',' ORDER BY t::text)), '')"
        counts = (f"SELECT '{table}', {count} FROM \"{table}\" t" for table in tables)
        lines = self.cluster.sql(" UNION ALL ".join(counts)).splitlines()
        return dict(line.split("|") for line in lines)

    def calls(self) -> str:
        """What Docker would have been asked to do so far."""
        return (self.folder / "calls").read_text()


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    need(POSTGRESQL)
    folder = tmp_path_factory.mktemp("house")
    with servers.postgresql() as cluster:
        house = House(cluster, folder)
        (folder / "bin").mkdir()
        stand_in = folder / "bin/docker"
        stand_in.write_text(
            STAND_IN.format(python=sys.executable, calls=folder / "calls", data=folder / "data")
        )
        stand_in.chmod(0o755)
        house.manage("shell", "-c", FURNISH)
        yield house


@pytest.fixture
def house(furnished: House) -> House:
    """The house with fresh media, no backups and nothing asked of Docker yet."""
    for path in (furnished.media, furnished.backups):
        shutil.rmtree(path, ignore_errors=True)
    (furnished.media / "issues").mkdir(parents=True)
    (furnished.media / "issues/bridge.jpg").write_bytes(b"\xff\xd8 a bridge")
    (furnished.folder / "calls").write_text("")
    return furnished


@pytest.fixture
def backup(house: House) -> Path:
    done = house.script("backup", house.backups)
    assert done.returncode == 0, done.stderr
    return Path(done.stdout.strip())


def test_what_was_lost_after_a_backup_is_there_again(house: House, backup: Path):
    before = house.rows()
    assert before["accounts_user"].startswith("8 ")
    assert not before["core_auditentry"].startswith("0 ")
    house.cluster.sql("TRUNCATE accounts_user CASCADE; DROP TABLE notifications_delivery")
    shutil.rmtree(house.media)

    done = house.script("restore", backup)

    assert done.returncode == 0, done.stderr
    assert house.rows() == before
    assert (house.media / "issues/bridge.jpg").read_bytes() == b"\xff\xd8 a bridge"
    # The next row gets a new number, and the application may write as before.
    house.manage("migrate", "--check")
    house.manage("shell", "-c", "from accounts.services import open_account as o; "
                 "o(actor=None, username='atarashii', display_name='新', password='correct-horse-1')")  # fmt: skip
    assert house.rows()["accounts_user"].startswith("9 ")
    house.cluster.sql("DELETE FROM accounts_user WHERE username = 'atarashii'")


def test_the_audit_log_is_still_closed_after_a_restore(house: House, backup: Path):
    assert house.script("restore", backup).returncode == 0
    for change in ("UPDATE core_auditentry SET act = 'x.y'", "DELETE FROM core_auditentry"):
        with pytest.raises(AssertionError, match="the audit log is append-only"):
            house.cluster.sql(change)


def test_the_city_stays_open_until_the_backup_is_known_to_be_good(house: House, backup: Path):
    assert house.script("restore", backup).returncode == 0
    acts = house.calls().splitlines()
    stopped = acts.index("stop web worker beat")
    read = next(number for number, act in enumerate(acts) if "pg_restore" in act)
    assert read < stopped < acts.index("up --detach --wait")


def test_what_was_there_before_a_restore_is_kept(house: House, backup: Path):
    house.cluster.sql("UPDATE accounts_user SET display_name = '改' WHERE username = 'jumin'")
    done = house.script("restore", backup)
    kept = re.findall(r"yoriai_before_\w+", done.stdout)[0]
    asked = "SELECT display_name FROM accounts_user WHERE username = 'jumin'"
    assert house.cluster.sql(asked, database=kept) == "改"
    assert house.cluster.sql(asked) == "石引 花子"


def test_somebody_who_still_has_the_database_open_does_not_stop_a_restore(
    house: House, backup: Path
):
    with subprocess.Popen(
        ["psql", "--username=yoriai", "--dbname=yoriai", "-c", "SELECT pg_sleep(60)"],
        env=house.cluster.over_the_network,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as visitor:
        time.sleep(0.5)
        assert visitor.poll() is None
        done = house.script("restore", backup)
        assert done.returncode == 0, done.stderr
        assert visitor.wait(10) != 0


def test_a_backup_whose_bytes_have_changed_is_not_restored(house: House, backup: Path):
    (backup / "media.tar.gz").write_bytes(b"something else")
    _assert_refused_without_a_trace(house, backup)


def test_a_backup_that_cannot_be_read_is_not_restored(house: House, backup: Path):
    dump = (backup / "database.dump").read_bytes()
    (backup / "database.dump").write_bytes(dump[: len(dump) * 2 // 3])
    sums = subprocess.run(
        ["sha256sum", "database.dump", "media.tar.gz"], cwd=backup, capture_output=True, text=True
    )
    (backup / "SHA256SUMS").write_text(sums.stdout)
    _assert_refused_without_a_trace(house, backup)


def _assert_refused_without_a_trace(house: House, backup: Path) -> None:
    before, calls = house.rows(), house.calls()
    assert house.script("restore", backup).returncode != 0
    assert house.rows() == before
    assert "stop" not in house.calls().removeprefix(calls)


@pytest.mark.parametrize("part", ["pg_dump", "tar"])
def test_half_a_backup_is_never_taken_for_a_whole_one(house: House, part: str):
    done = house.script("backup", house.backups, FAILS=part)
    assert done.returncode != 0
    assert list(house.backups.iterdir()) == []


def test_only_as_many_backups_are_kept_as_wanted_and_they_are_the_newest(house: House):
    for name in ("2026-01-01T030000", "2026-01-02T030000", "notes"):
        (house.backups / name).mkdir(parents=True)
    done = house.script("backup", house.backups, KEEP="2")
    newest = Path(done.stdout.strip()).name
    assert {path.name for path in house.backups.iterdir()} == {"2026-01-02T030000", newest, "notes"}


def test_a_backup_is_readable_by_its_owner_only(backup: Path):
    assert backup.stat().st_mode & 0o077 == 0
    assert {path.stat().st_mode & 0o077 for path in backup.iterdir()} == {0}


def test_the_application_is_no_superuser_and_the_superuser_has_no_password(house: House):
    assert (
        house.cluster.sql("SELECT rolsuper, rolcreaterole FROM pg_roles WHERE rolname = 'yoriai'")
        == "f|f"
    )
    for user in ("postgres", "yoriai"):
        done = subprocess.run(
            ["psql", f"--username={user}", "--dbname=yoriai", "-XAtc", "SELECT 1"],
            env=house.cluster.over_the_network,
            capture_output=True,
        )
        assert (done.returncode == 0) is (user == "yoriai")
