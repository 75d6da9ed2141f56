"""Several processes append to one client at once, on SQLite as the product opens it: no gap, no fork, nothing lost."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BEGIN = """
import django; django.setup()
from django.core.management import call_command
call_command("migrate", interactive=False, verbosity=0)
from tests.cast import play, sign
sign(play().aubrac)
"""
WRITE = """
import sys, django; django.setup()
from jalon.accounts.models import Account
from jalon.ledger import book
from tests.cast import NOW, at, draft
n, account = int(sys.argv[1]), Account.objects.get(ref="aubrac")
for k in range(6):
    facts = [draft("request.opened", at(2, 1 + k, n), request=f"r{n}-{k}", priority="P3", subject="x")]
    book.append_many(account, facts, now=NOW)
"""
LOOK = """
import django; django.setup()
from jalon.accounts.models import Account
from jalon.ledger import projection
from jalon.ledger.models import StoredFact
from tests.cast import NOW
rows = list(StoredFact.objects.filter(account__ref="aubrac").order_by("sequence"))
assert [row.sequence for row in rows] == list(range(1, 29)), [row.sequence for row in rows]
assert all(after.prev_sha256 == before.sha256 for before, after in zip(rows, rows[1:]))
print(projection.rebuild(NOW, Account.objects.filter(ref="aubrac")).differed)
"""


def test_four_processes_make_one_sequence(tmp_path: Path) -> None:
    environment = {
        **os.environ, "JALON_HOME": str(tmp_path), "JALON_DATABASE": "", "DJANGO_SETTINGS_MODULE": "jalon.config.settings",
        "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
    }  # fmt: skip
    subprocess.run([sys.executable, "-c", BEGIN], env=environment, cwd=ROOT, check=True)
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITE, str(n)], env=environment, cwd=ROOT) for n in range(4)
    ]
    assert [writer.wait(timeout=120) for writer in writers] == [0, 0, 0, 0]
    looked = subprocess.run(
        [sys.executable, "-c", LOOK], env=environment, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert looked.returncode == 0, looked.stderr[-2000:]
    assert looked.stdout.strip() == "0"
