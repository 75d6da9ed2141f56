"""The same on a real PostgreSQL: a backup under way while others write, brought back into an empty database, and drilled."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.ledger.test_postgres import ROOT, server  # noqa: F401
from tests.trust.test_continuity import environment

pytestmark = pytest.mark.postgres
PLAY = """
import django; django.setup()
from tests.cast import play, sign
sign(play().aubrac)
"""


def test_a_postgresql_is_saved_brought_back_and_drilled(server: str, tmp_path: Path) -> None:  # noqa: F811
    def run(home: str, database: str, *command: str) -> subprocess.CompletedProcess[str]:
        env = environment(tmp_path / home) | {
            "JALON_DATABASE": database, "DJANGO_SETTINGS_MODULE": "jalon.config.settings", "PYTHONPATH": str(ROOT),
        }  # fmt: skip
        return subprocess.run(
            [sys.executable, *command], env=env, capture_output=True, text=True, check=False
        )

    def jalon(home: str, database: str, *command: str) -> subprocess.CompletedProcess[str]:
        return run(home, database, "-m", "jalon.config.cli", *command)

    assert jalon("home", server, "setup").returncode == 0
    played = run("home", server, "-c", PLAY)
    assert played.returncode == 0, played.stderr
    saved = jalon("home", server, "backup")
    assert saved.returncode == 0, saved.stderr
    drilled = jalon("home", server, "drill")
    assert drilled.returncode == 0, drilled.stderr
    told = json.loads(jalon("home", server, "ledger", "show", "aubrac").stdout.splitlines()[-1])
    assert (told["kind"], told["fields"]["ok"]) == ("restore.tested", True)
    # Into the database that lives: refused. Its own tools have removed the one of the drill.
    sealed, key = (
        str(next((tmp_path / "home" / "backups").glob("*.backup"))),
        str(tmp_path / "home" / "backup-identity"),
    )
    refused = jalon("other", server, "restore", sealed, "--identity", key)
    assert (refused.returncode, "There is a database" in refused.stderr) == (1, True), refused.stderr
    listed = run("home", server, "-c", "import django; django.setup()\nfrom django.db import connection\n"
                 "c = connection.cursor(); c.execute(\"SELECT count(*) FROM pg_database WHERE datname LIKE 'jalon_drill%'\"); print(c.fetchone()[0])")  # fmt: skip
    assert listed.stdout.strip() == "0"
