"""A review as a page: the same sections as on paper, each figure with its restatement and its source."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from jalon.core.text import _
from jalon.documents import reviews
from jalon.documents.models import Review
from jalon.documents.review.model import Figure, MonthlyReview
from jalon.documents.review.said import said
from jalon.documents.review.writing import value
from jalon.wording import dates, say


def document(
    model: MonthlyReview, lang: str, *, href: str = "", restated: list[reviews.Restatement] | None = None
) -> dict[str, Any]:
    """What the template `documents/document.html` draws. `href` leads to a promise's why, %s being its key."""
    told = said(model, lang, None, href=href)
    told["restatements"] = [
        {"key": one.key, "name": say(one.name, lang), "was": say(reviews.said_value(one.was, lang), lang), "now": say(reviews.said_value(one.now, lang), lang)}
        for one in restated or ()
    ]  # fmt: skip
    _beside(told["sections"], {one["key"]: one["now"] for one in told["restatements"]})
    for section in told["sections"]:
        if section["kind"] in ("failures", "commitments"):
            section["pairs"] = list(zip(section["names"], section["items"], strict=True))
    told["figures"] = [_opened(figure, lang) for figure in model.figures]
    return told


def _beside(part: Any, now: dict[str, str]) -> None:
    """Each row that has a restatement learns what is known today."""
    if isinstance(part, list):
        for one in part:
            _beside(one, now)
    elif isinstance(part, dict):
        if part.get("restated") in now:
            part["today"] = now[part["restated"]]
        for one in part.values():
            if isinstance(one, list | dict):
                _beside(one, now)


def _opened(figure: Figure, lang: str) -> dict[str, Any]:
    """A figure with what it rests on."""
    written = value(figure.value, figure.form, lang)
    if figure.of is not None:
        written = say(
            _("%(kept)s of %(judged)s", kept=written, judged=value(figure.of, "number", lang)), lang
        )
    return {
        "name": say(figure.label, lang), "value": written, "n": say(figure.n, lang), "query": figure.query, "evidence": len(figure.evidence),
    }  # fmt: skip


def page(review: Review, lang: str, now: datetime, *, href: str = "") -> dict[str, Any]:
    """The context of one review: its document, and whether it was sent."""
    model = reviews.composed(review, now)
    restated = reviews.restatements(review.sent, now) if review.is_sent else []
    return {
        "review": review,
        "sent": review.sent if review.is_sent else None,
        "document": document(model, lang, href=href, restated=restated),
        "model": model,
    }


def written_in(held: datetime | None, zone: str) -> str:
    """An instant as a datetime-local control wants it."""
    return timezone.localtime(held, ZoneInfo(zone)).strftime("%Y-%m-%dT%H:%M") if held else ""


def month_name(review: Review, lang: str) -> str:
    """ "mai 2026"."""
    return dates.month(review.month, lang)
