"""The words of an import's report: why a row was refused, and what became of the others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jalon.core.text import Text, _

REASONS: Mapping[str, Text] = {
    "no_time": _("no readable time"),
    "in_future": _("a time to come"),
    "no_identifier": _("no identifier"),
    "bad_received": _("a time of reception that cannot be read"),
    "bad_quantity": _("a quantity that is no whole number"),
    "bad_offset": _("an offset from UTC that is no number of minutes"),
    "not_an_event": _("not something that a person did (identify, group, alias)"),
    "cells": _("not as many cells as columns"),
    "quotes": _("quotation marks that do not close"),
    "not_utf8": _("not in UTF-8"),
    "not_json": _("not a JSON object"),
    "not_object": _("not a JSON object"),
    "bad_day": _("a day that cannot be read"),
    "no_person": _("no person"),
}
"""Why a row is not taken, by the code that is kept with it."""


def reason(code: str) -> Text:
    """The words of a code; the code itself for one of another version."""
    return REASONS.get(code, Text(code))


def summed_up(report: Any) -> Text:
    """An import's report (`importing.Report`) in one sentence."""
    refused = tuple(
        _("%(n)s refused (%(reason)s)", n=n, reason=reason(code))
        for code, n in sorted(report.refused.items())
    )
    return _(
        "%(rows)s rows: %(added)s added, %(duplicates)s there already, %(refused)s; %(unmatched)s of no client; %(created)s clients made",
        rows=report.rows, added=report.added, duplicates=report.duplicates, refused=refused or _("none refused"),
        unmatched=report.unmatched, created=report.created,
    )  # fmt: skip
