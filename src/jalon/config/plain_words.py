"""Words for the terminal: what the core says, in the reader's language, without a database."""

from __future__ import annotations

import os
from typing import Any

LANGUAGES = ("fr", "en")


def language(wanted: str | None) -> str:
    """`wanted`, or the terminal's own language where Jalon speaks it, or English."""
    own = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return wanted or (own[:2] if own[:2] in LANGUAGES else "en")


def words(value: Any, lang: str) -> str:
    """`value` said in `lang`."""
    import django
    from django.apps import apps

    if not apps.ready:
        django.setup()
    from jalon.wording import say

    return say(value, lang)
