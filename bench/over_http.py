"""The pages as a browser gets them: the real server on a real port, one signed-in person, one connection kept open."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import statistics
import subprocess
import sys
import time

WARM_UP = 6
RUNS = 30


def measure(pages: dict[str, str], who: str = "csm") -> dict[str, float]:
    """Median milliseconds of each address (label -> path), over HTTP on 127.0.0.1, whole body read; the home is JALON_HOME's."""
    port = _free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "jalon.config.cli", "serve", "--port", str(port), "--no-work"],
        env=os.environ | {"JALON_DEMO": "1"},
        stdout=subprocess.DEVNULL,
    )
    try:
        cookie = _enter(port, who)
        return {name: _median(port, path, cookie) for name, path in pages.items()}
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(timeout=20)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _enter(port: int, who: str) -> str:
    """Wait for the server, enter the demo as somebody; returns the Cookie header."""
    for _attempt in range(100):
        try:
            line = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
            line.request("GET", "/sign-in/")
            page = line.getresponse()
            page.read()
            break
        except OSError:
            time.sleep(0.2)
    else:
        raise SystemExit("the server did not answer within 20 s")
    crumbs = _crumbs(page)
    line.request(
        "POST",
        f"/demo/enter/{who}/",
        headers={
            "Cookie": _joined(crumbs),
            "X-CSRFToken": crumbs.get("csrftoken", ""),
            "Content-Length": "0",
        },
    )
    answer = line.getresponse()
    answer.read()
    if answer.status != 302:
        raise SystemExit(f"entering the demo as {who} answered {answer.status}")
    return _joined(crumbs | _crumbs(answer))


def _crumbs(answer: http.client.HTTPResponse) -> dict[str, str]:
    return dict(
        header.split(";", 1)[0].split("=", 1) for header in answer.headers.get_all("Set-Cookie") or []
    )


def _joined(crumbs: dict[str, str]) -> str:
    return "; ".join(f"{name}={value}" for name, value in crumbs.items())


def _median(port: int, path: str, cookie: str) -> float:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    times = []
    for run in range(WARM_UP + RUNS):
        start = time.perf_counter()
        line.request("GET", path, headers={"Cookie": cookie})
        answer = line.getresponse()
        answer.read()
        if answer.status != 200:
            raise SystemExit(f"{path} answered {answer.status}")
        if run >= WARM_UP:
            times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)
