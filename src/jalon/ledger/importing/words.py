"""The words of a report, agreeing in number with the lines that they count."""

from __future__ import annotations

from django.utils.translation import npgettext


def result_word(result: str, count: int = 1) -> str:
    """ "created", "updated"... of `count` lines, in the active language."""
    return {
        "created": npgettext("line", "created", "created", count),
        "updated": npgettext("line", "updated", "updated", count),
        "unchanged": npgettext("line", "unchanged", "unchanged", count),
        "refused": npgettext("line", "refused", "refused", count),
    }[result]
