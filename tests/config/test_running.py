"""The commands that run the product: one starts all of it, one Ctrl-C stops all of it, and a dead worker loses no job."""

from __future__ import annotations

import argparse
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from jalon.config import running
from tests.cast import NOW


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _children(pid: int) -> list[int]:
    """Every descendant of a process, by /proc."""
    direct = [
        int(word)
        for task in Path(f"/proc/{pid}/task").iterdir()
        for word in (task / "children").read_text().split()
    ]
    return direct + [one for child in direct for one in _children(child)]


def _alive(pid: int) -> bool:
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


def _answers(port: int) -> int:
    for _attempt in range(150):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/sign-in/", timeout=5) as response:
                return int(response.status)
        except OSError:
            time.sleep(0.2)
    return 0


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """`jalon serve` on a home and a port of its own."""
    environment = {**os.environ, "JALON_HOME": str(tmp_path), "JALON_DATABASE": "", "JALON_DEBUG": "0"}
    environment.pop("PYTEST_VERSION", None)
    command = [sys.executable, "-m", "jalon.config.cli"]
    subprocess.run([*command, "setup"], env=environment, check=True)
    port = _free_port()
    process = subprocess.Popen(
        [*command, "serve", "--port", str(port)], env=environment, stdout=subprocess.PIPE, text=True
    )
    yield process, port
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("with_signal", [signal.SIGINT, signal.SIGKILL])
def test_all_of_it_stops_with_the_one_that_started_it(
    served: tuple[subprocess.Popen[str], int], with_signal: int
) -> None:
    process, port = served
    assert _answers(port) == 200
    family = _children(process.pid)
    assert len(family) >= 4  # the web server and its two workers, the worker
    process.send_signal(with_signal)
    process.wait(timeout=20)
    for _attempt in range(100):
        if not any(_alive(pid) for pid in family):
            break
        time.sleep(0.1)
    assert [pid for pid in family if _alive(pid)] == []
    if with_signal == signal.SIGINT:
        assert process.returncode == 0


def test_a_port_in_use_is_said_and_nothing_starts(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert running.run_serve(argparse.Namespace(host="127.0.0.1", port=port, no_work=True), NOW) == 1
    assert str(port) in capsys.readouterr().err


def test_a_job_whose_worker_died_is_given_to_another(db: None) -> None:
    from django_tasks_db.models import DBTaskResult

    from jalon.ledger.importing import runs

    begun = runs.begin(kind="clients", filename="c.csv", content=b"name\nUn\n", by="camille", now=NOW)
    runs._job.enqueue(begun.pk)
    job = DBTaskResult.objects.filter(status="READY")
    assert job.count() == 1
    job.update(status="RUNNING", started_at=NOW - running.LEASE + timedelta(seconds=1))
    running._give_back(NOW)
    assert job.count() == 0
    running._give_back(NOW + timedelta(seconds=2))
    assert running._one_job()
    begun.refresh_from_db()
    assert (begun.state, begun.created) == ("done", 1)
