"""What was acknowledged is there, once, after kill -9 at any moment (faults F2 and F4 of the plan)."""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.trust.test_continuity import WRITER, environment, jalon

ROUNDS = int(os.environ.get("JALON_ROUNDS", "2"))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with one client."""
    place = tmp_path_factory.mktemp("faults") / "home"
    for command in (["setup"], ["demo", "load", "--clients", "1"]):
        assert jalon(place, *command).returncode == 0
    return place


def _killed(home: Path, start: int, pause: float) -> list[int]:
    """Start a writer at number `start`, kill it `pause` seconds after its first acknowledgement; returns what it acknowledged."""
    program = WRITER.replace("range(100000)", f"range({start}, 1000000)")
    writer = subprocess.Popen(
        [sys.executable, "-c", program], env=environment(home) | {"DJANGO_SETTINGS_MODULE": "jalon.config.settings"},
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert writer.stdout is not None
    first = writer.stdout.readline()
    time.sleep(pause)
    writer.kill()
    rest = writer.stdout.read()
    writer.wait()
    # A line that was cut off was not acknowledged in full.
    return [int(line) for line in re.findall(r"(\d+)\n", first + rest)]


def test_no_acknowledged_fact_is_lost_or_doubled_by_kill_9(
    home: Path, proven: Callable[[str, object], None]
) -> None:
    chance = random.Random(64)
    acknowledged: set[int] = set()
    start = 0
    for _round in range(ROUNDS):
        # The client retries from its last acknowledgement: the same keys, and no double.
        acknowledged |= set(_killed(home, start, chance.uniform(0.0, 0.35)))
        start = max(acknowledged)
    shown = jalon(home, "ledger", "show", "maison-vauban").stdout.splitlines()
    stored = [int(found[1]) for line in shown if (found := re.search(r'"idempotency_key":"w(\d+)"', line))]
    assert len(stored) == len(set(stored)), "doubled"
    assert acknowledged <= set(stored), sorted(acknowledged - set(stored))
    assert [json.loads(line)["sequence"] for line in shown] == list(range(1, len(shown) + 1))
    verified = jalon(home, "ledger", "verify", "--full")
    assert verified.returncode == 0, verified.stdout
    assert "differed" not in verified.stdout, "a promise was not derived in the transaction of its fact"
    proven("kill -9 during appends, rounds", ROUNDS)
    proven("facts acknowledged", len(acknowledged))
    proven("acknowledged and lost", len(acknowledged - set(stored)))
    proven("stored twice", len(stored) - len(set(stored)))
    proven("`jalon ledger verify --full` afterwards", "whole, 0 derived rows differed")


@pytest.mark.trust
def test_a_full_disk_refuses_and_loses_nothing(home: Path, proven: Callable[[str, object], None]) -> None:
    """A limit on the size of files stands for the disk: writing fails in the middle, as on a full disk (F6)."""
    limit = (home / "jalon.sqlite3").stat().st_size + 600_000
    program = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit})); import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
    writer = subprocess.run(
        [sys.executable, "-c", program + WRITER.replace("range(100000)", "range(5000000, 5100000)")],
        env=environment(home) | {"DJANGO_SETTINGS_MODULE": "jalon.config.settings"},
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert writer.returncode != 0
    acknowledged = {int(line) for line in writer.stdout.split()}
    shown = jalon(home, "ledger", "show", "maison-vauban").stdout
    stored = {int(n) for n in re.findall(r'"idempotency_key":"w(5\d{6})"', shown)}
    assert acknowledged <= stored
    assert jalon(home, "ledger", "verify").returncode == 0
    proven(
        "disk full in the middle of appends: acknowledged / lost",
        f"{len(acknowledged)} / {len(acknowledged - stored)}",
    )
