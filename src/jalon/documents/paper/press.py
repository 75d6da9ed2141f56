"""The press: a review in one language becomes a tagged PDF, the same bytes each time."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, Literal

import typst

from jalon.documents.review.model import MonthlyReview
from jalon.documents.review.said import said

HERE = Path(__file__).resolve().parent
STANDARD: Literal["ua-1"] = "ua-1"
"""PDF/UA-1: the compiler refuses a picture without its words."""


@cache
def _fonts() -> list[Any]:
    return [str(HERE / "fonts")]


def pdf(review: MonthlyReview, lang: str) -> bytes:
    """The review as a PDF/UA-1 file in `lang`. Same review, same bytes: its hash can stand in the ledger."""
    found: bytes = typst.compile(_source(), root=str(HERE), font_paths=_fonts(), ignore_system_fonts=True, format="pdf",
                                 pdf_standards=[STANDARD], sys_inputs={"data": data(review, lang)})  # fmt: skip
    return found


def pages(review: MonthlyReview, lang: str, ppi: float = 110) -> list[bytes]:
    """The pages as PNG, for a preview."""
    found = typst.compile(_source(), root=str(HERE), font_paths=_fonts(), ignore_system_fonts=True, format="png", ppi=ppi,
                          sys_inputs={"data": data(review, lang)})  # fmt: skip
    return found if isinstance(found, list) else [found]


def data(review: MonthlyReview, lang: str) -> str:
    """What the page is given."""
    return json.dumps(said(review, lang), ensure_ascii=False, sort_keys=True)


def _source() -> str:
    return str(HERE / "review.typ")
