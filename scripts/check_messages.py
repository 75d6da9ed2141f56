"""Check the French messages: every sentence of the code is there, none empty, none fuzzy, places and typography right."""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from pathlib import Path

import polib
from make_messages import apps, refresh

PLACE = re.compile(r"%\((\w+)\)[sd]|%[sd]")
STRAIGHT = re.compile(r"\w'\w")
# A breaking space (or none) before these signs looks careless in French; addresses, times and msgid keys are let through.
LOOSE = re.compile("\\w[ ]?[;!?](\\s|$)|[^\\d\\s] :(\\s|$)|\\w:(\\s|$)|«[^\u202f\u00a0]|[^\u202f\u00a0]»")


def problems_of(entry: polib.POEntry) -> list[str]:
    """What is wrong with one message, in words."""
    said = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
    if entry.fuzzy:
        return ["is fuzzy: check it and remove the mark"]
    if not all(text.strip() for text in said):
        return ["has no French"]
    wanted = set(PLACE.findall(entry.msgid)) | set(PLACE.findall(entry.msgid_plural))
    found = []
    for text in said:
        if not set(PLACE.findall(text)) <= wanted:
            found.append(f"has a place that the English lacks: “{text}”")
        if STRAIGHT.search(text):
            found.append(f"has a straight apostrophe: “{text}”")
        if any(loose(match.group(), entry) for match in LOOSE.finditer(PLACE.sub("x", text))):
            found.append(f"lacks a narrow no-break space before a sign or inside « »: “{text}”")
    return found


def loose(found: str, entry: polib.POEntry) -> bool:
    """Whether a sign without its space is a fault; what the English writes to the letter is code, and stays."""
    return found.strip() not in entry.msgid or found.strip() in "«»"


def missing_from(app: Path, kept: polib.POFile) -> set[str]:
    """Messages that a fresh extraction finds and the kept file lacks; the kept file is left as it was."""
    po = app / "locale" / "fr" / "LC_MESSAGES" / "django.po"
    with tempfile.TemporaryDirectory() as safe:
        shutil.copy2(po, safe)
        try:
            refresh(app)
            fresh = polib.pofile(str(po))
        finally:
            shutil.copy2(Path(safe) / po.name, po)
    known = {(entry.msgctxt, entry.msgid) for entry in kept if not entry.obsolete}
    return {entry.msgid for entry in fresh if (entry.msgctxt, entry.msgid) not in known}


def main() -> int:
    """Print what is wrong, app by app; exit 1 when anything is."""
    wrong = total = 0
    for app in apps():
        kept = polib.pofile(str(app / "locale" / "fr" / "LC_MESSAGES" / "django.po"))
        total += len(kept)
        found = [
            f"“{entry.msgid}” {problem}"
            for entry in kept
            if not entry.obsolete
            for problem in problems_of(entry)
        ]
        found += [
            f"“{msgid}” is said by the code and not in the file: make messages"
            for msgid in missing_from(app, kept)
        ]
        for line in found:
            print(f"{app.name}: {line}")
        wrong += len(found)
    print(f"{total} messages, {wrong} to mend")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
