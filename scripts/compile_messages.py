"""Compile every message file of the package with polib, so that set-up needs no gettext from the system."""

from __future__ import annotations

import sys
from pathlib import Path

import polib


def main() -> int:
    """Write a .mo beside each .po that is newer than its .mo; returns an exit code."""
    root = Path(__file__).resolve().parent.parent / "src" / "jalon"
    for po in sorted(root.glob("**/LC_MESSAGES/*.po")):
        mo = po.with_suffix(".mo")
        if not mo.exists() or mo.stat().st_mtime < po.stat().st_mtime:
            polib.pofile(str(po)).save_as_mofile(str(mo))
    return 0


if __name__ == "__main__":
    sys.exit(main())
