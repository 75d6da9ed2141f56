"""Refresh each app's French message file from its code and templates, by gettext's own tools."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent / "src" / "jalon"


def apps() -> list[Path]:
    """The folders that keep messages of their own."""
    return sorted(po.parents[3] for po in PACKAGE.glob("*/locale/fr/LC_MESSAGES/django.po"))


def refresh(app: Path) -> None:
    """Run Django's makemessages inside one app, without locations: they would change with every edit."""
    command = [
        sys.executable,
        "-P",
        "-m",
        "django",
        "makemessages",
        "-l",
        "fr",
        "--no-location",
        "--no-wrap",
        "--no-obsolete",
    ]
    env = {**os.environ, "PYTHONPATH": str(PACKAGE.parent)}
    env.pop("DJANGO_SETTINGS_MODULE", None)
    done = subprocess.run(command, cwd=app, env=env, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{app.name}: {done.stderr or done.stdout}")


if __name__ == "__main__":
    for app in apps():
        refresh(app)
        print(app.name)
