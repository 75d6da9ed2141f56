"""The folders that hold agreements, without a database: what can be signed, and which one is meant when nobody says."""

from __future__ import annotations

import os
from pathlib import Path

FILE = "agreement.yaml"
_PACKAGE = Path(__file__).resolve().parent.parent
_USUAL = (
    "mytraffic-cs"  # of those that come with Jalon: the one that it was made for; the others are examples
)


def own_folder() -> Path | None:
    """The operator's own agreements (JALON_AGREEMENTS)."""
    own = os.environ.get("JALON_AGREEMENTS")
    return Path(own) if own else None


def folders() -> list[Path]:
    """Where agreements are looked for: the operator's own folder first, then those that come with Jalon."""
    own = own_folder()
    shipped = [_PACKAGE / "agreements", _PACKAGE.parent.parent / "agreements"]
    return [folder for folder in ([own] if own else []) + shipped if folder.is_dir()]


def versions() -> list[tuple[str, str]]:
    """Every (agreement, version) that can be signed, in order of name and date."""
    return sorted({found for folder in folders() for found in _of(folder)})


def _of(folder: Path) -> list[tuple[str, str]]:
    return [(file.parent.parent.name, file.parent.name) for file in folder.glob(f"*/*/{FILE}")]


def usual() -> tuple[str, str] | None:
    """The version that is meant when nobody says: the latest of the operator's own, else of the one Jalon was made for, else the last."""
    own, known = own_folder(), versions()
    mine = sorted(_of(own)) if own else []
    made_for = [version for version in known if version[0] == _USUAL]
    return next((found[-1] for found in (mine, made_for, known) if found), None)


def path_of(agreement: str, version: str) -> Path:
    """The file of one version; FileNotFoundError, saying where it was looked for, when there is none."""
    for folder in folders():
        file = folder / agreement / version / FILE
        if file.is_file():
            return file
    looked = ", ".join(str(folder) for folder in folders())
    raise FileNotFoundError(f"no agreement {agreement}/{version} in {looked}")
