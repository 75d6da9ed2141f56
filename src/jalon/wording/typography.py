"""French typography: narrow no-break spaces before ; : ! ? and inside guillemets, and typographic apostrophes."""

from __future__ import annotations

import re

NARROW = "\u202f"
_BEFORE = re.compile(r"(?<=\S)[ \u00a0]([;:!?»%€])")
_AFTER = re.compile(r"«[ \u00a0]")
_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)")


def french(text: str) -> str:
    """`text` as a French printer sets it: for data shown, never for text compared or hashed."""
    text = _APOSTROPHE.sub("’", text)
    return _AFTER.sub("«" + NARROW, _BEFORE.sub(NARROW + r"\1", text))


def typeset(text: str, lang: str) -> str:
    """`text` as its language is set; English needs its apostrophes only."""
    return french(text) if lang.startswith("fr") else _APOSTROPHE.sub("’", text)
