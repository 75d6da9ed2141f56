"""Measure the pages with 1,000 clients and a million usage events, against a page that does almost nothing, in the same run.

Times on a shared machine are noisy: read the ratios. `make bench CLIENTS=200` for a quicker look.
"""

from __future__ import annotations

import os
import shutil
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime

import over_http

CLIENTS = int(os.environ.get("CLIENTS", "1000"))
NOW = datetime(2026, 6, 5, 8, tzinfo=UTC)
RUNS = 15
REFERENCE = "sign-in page (reference)"
PAGES = {
    REFERENCE: ("visitor", "/sign-in/"),
    "Today": ("csm", "/today/"),
    "Portfolio": ("csm", "/portfolio/?who=all"),
    "Client": ("csm", "/clients/maison-vauban/"),
}


def main() -> int:
    """Load, measure, print; returns an exit code."""
    home = tempfile.mkdtemp(prefix="jalon-bench-")
    os.environ |= {
        "JALON_HOME": home,
        "JALON_DEMO": "1",
        "JALON_NOW": NOW.isoformat(),
        "DJANGO_SETTINGS_MODULE": "jalon.config.settings",
    }
    try:
        return measure()
    finally:
        shutil.rmtree(home)


def measure() -> int:
    """The whole bench, in a home of its own."""
    import django

    django.setup()
    from jalon.config.running import run_setup
    from jalon.demo import loading, people
    from jalon.ledger import projection
    from jalon.usage import store

    run_setup(None, NOW)  # type: ignore[arg-type]
    few = queries_at(loading, people)
    start = time.perf_counter()
    grow(CLIENTS, loading, people)
    events = store.query("SELECT count(*) FROM events")[0][0]
    print(f"{CLIENTS} clients and {events:,} usage events loaded in {time.perf_counter() - start:.0f} s")
    start = time.perf_counter()
    rebuilt = projection.rebuild(NOW)
    print(
        f"rebuild: {rebuilt.accounts / (time.perf_counter() - start):.0f} clients a second, {rebuilt.differed} rows differed"
    )
    figures = ask()
    reference = figures[REFERENCE][0]
    for name, (milliseconds, count) in figures.items():
        print(
            f"{name:<28} {milliseconds:6.1f} ms   x{milliseconds / reference:5.1f} of the reference   {count} queries ({few.get(name, ('', count))[1]} with the demo alone)"
        )
    grew = [name for name, (_ms, count) in figures.items() if name in few and count > few[name][1]]
    served = over_http.measure({name: address for name, (_client, address) in PAGES.items()})
    for name, milliseconds in served.items():
        print(
            f"{name + ' over HTTP':<28} {milliseconds:6.1f} ms   x{milliseconds / served[REFERENCE]:5.1f} of the reference"
        )
    appended()
    slow = [name for name, (ms, _n) in figures.items() if ms >= 150]
    slow += [f"{name} over HTTP" for name, ms in served.items() if ms >= 150]
    print(
        "queries grow with the portfolio: "
        + (", ".join(grew) or "none")
        + "; over 150 ms: "
        + (", ".join(slow) or "none")
    )
    return 1 if grew or slow else 0


def queries_at(loading: object, people: object) -> dict[str, tuple[float, int]]:
    """The pages over the demo as it is."""
    loading.load(NOW, send=False)  # type: ignore[attr-defined]
    return ask()


def grow(count: int, loading: object, people: object) -> None:
    """As many clients as asked: the demo's own, again and again under other names."""
    base = people.CLIENTS  # type: ignore[attr-defined]
    many = [
        (
            f"{base[n % len(base)][0]}-{n // len(base)}",
            f"{base[n % len(base)][1]} {n // len(base)}",
            *base[n % len(base)][2:],
        )
        for n in range(len(base), count)
    ]
    loading.join(many, NOW, send=False)  # type: ignore[attr-defined]


def ask() -> dict[str, tuple[float, int]]:
    """Median time and number of queries of each page."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from jalon.accounts.models import Staff

    browsers = {"csm": Client(SERVER_NAME="localhost"), "visitor": Client(SERVER_NAME="localhost")}
    browsers["csm"].force_login(
        Staff.objects.get(ref="camille-moreau").user, backend="django.contrib.auth.backends.ModelBackend"
    )
    found = {}
    for name, (who, address) in PAGES.items():
        client = browsers[who]
        client.get(address)
        times = []
        for _run in range(RUNS):
            with CaptureQueriesContext(connection) as asked:
                start = time.perf_counter()
                assert client.get(address).status_code == 200, address
                times.append((time.perf_counter() - start) * 1000)
        found[name] = (statistics.median(times), len(asked))
    return found


def appended() -> None:
    """Facts a second through the one door (validate, hash, project, commit), against one bare committed row."""
    from django.db import connection

    from jalon.accounts.models import Account
    from jalon.core.obligations import Side
    from jalon.ledger import book

    account = Account.objects.get(ref="maison-vauban")
    times = {"append": [], "row": []}  # type: ignore[var-annotated]
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_row (body TEXT)")
    for _run in range(RUNS):
        start = time.perf_counter()
        book.append(
            account,
            kind="improvement.shipped",
            at=NOW,
            fields={"improvement": f"bench-{_run}", "note": "bench"},
            side=Side.PROVIDER,
            recorded_by="camille-moreau",
            recorded_at=NOW,
        )
        times["append"].append(time.perf_counter() - start)
        start = time.perf_counter()
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO bench_row VALUES ('bench')")
        times["row"].append(time.perf_counter() - start)
    append, row = (statistics.median(times[name]) for name in ("append", "row"))
    print(
        f"append: {1 / append:.0f} facts a second, {append * 1000:.1f} ms each, x{append / row:.0f} of one bare row committed"
    )


if __name__ == "__main__":
    sys.exit(main())
