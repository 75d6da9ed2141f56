"""The PDF says the figures of its model, in both languages, tagged, and the same bytes each time."""

from __future__ import annotations

import io
import re
import subprocess
from dataclasses import replace
from decimal import Decimal

import pikepdf
import pytest

from jalon.core.obligations import Side
from jalon.documents.paper import press
from jalon.documents.review.codec import freeze, thaw
from jalon.documents.review.model import MonthlyReview
from jalon.documents.review.said import said
from tests.documents import example

REVIEWS = {"full": example.full, "empty": example.empty, "long": example.long_name}


def text_of(content: bytes, *options: str) -> str:
    """The text of a PDF, in reading order, spaces made plain."""
    done = subprocess.run(["pdftotext", *options, "-", "-"], input=content, capture_output=True, check=True)
    return re.sub(r"\s+", " ", done.stdout.decode())


def plain(text: str) -> str:
    """A text with plain spaces."""
    return re.sub(r"\s+", " ", text)


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("name", REVIEWS)
def test_it_is_tagged_and_made_twice_alike(name: str, lang: str) -> None:
    review = REVIEWS[name]()
    content = press.pdf(review, lang)
    assert content == press.pdf(thaw(MonthlyReview, freeze(review)), lang)
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert bool(pdf.Root.MarkInfo.Marked)
        assert str(pdf.Root.Lang).startswith(lang)
        assert "/StructTreeRoot" in pdf.Root
        assert "pdfuaid" in str(pdf.Root.Metadata.read_bytes())
        fonts = {str(font.BaseFont) for page in pdf.pages for font in page.Resources.Font.values()}
    assert fonts and all("+Inter" in font for font in fonts)


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_every_picture_has_its_words(lang: str) -> None:
    with pikepdf.open(io.BytesIO(press.pdf(example.full(), lang))) as pdf:
        figures = [o for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and o.get("/S") == "/Figure"]
        assert len(figures) >= 6
        assert all(len(str(figure.get("/Alt", ""))) > 10 for figure in figures)


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_text_says_the_figures_of_the_model(lang: str) -> None:
    review = example.full()
    text = text_of(press.pdf(review, lang))
    told = said(review, lang)
    sections = {section["kind"]: section for section in told["sections"]}
    for row in sections["objectives"]["rows"]:
        for cell in (row["what"], row["start"], row["now"], row["target"], row["share"], row["word"]):
            assert plain(cell) in text
    for side in sections["promises"]["sides"]:
        assert plain(side["score"]) in text
        for row in side["rows"]:
            assert plain(row["word"]) in text
            assert plain(row["due"]) in text
    for ticket in sections["happened"]["tickets"]:
        assert plain(ticket["what"]) in text
    for sentence in sections["summary"]["sentences"]:
        assert plain("".join(run["text"] for run in sentence)) in text
    for part in (told["agreement"], told["known_at"], told["title"], told["client"]):
        assert plain(part) in text


def test_the_score_follows_the_states() -> None:
    review = example.full()
    assert review.score(Side.PROVIDER) == (3, 5)
    assert review.score(Side.CLIENT) == (2, 5)


def test_both_languages_are_whole() -> None:
    french, english = (text_of(press.pdf(example.full(), lang)) for lang in ("fr", "en"))
    for word in (
        "Promesses tenues",
        "Ce qui n’a pas marché",
        "tenue en retard",
        "à confirmer",
        "Prochain rendez-vous",
        "registre",
    ):
        assert word.lower() in french.lower()
    for word in ("Promises kept", "What did not work", "met late", "unconfirmed", "Next appointment"):
        assert word in english
    for word in ("Promises", "Request", "Figures as of", "Adoption against", "not done", "on pace"):
        assert word not in french


def test_a_review_without_anything_says_what_is_missing() -> None:
    text = text_of(press.pdf(example.empty(), "en"))
    assert "No success plan is agreed yet" in text
    assert "Without a signed agreement" in text
    assert "29 people active this month" in text


def test_a_long_name_stays_whole() -> None:
    text = text_of(press.pdf(example.long_name(), "fr"))
    assert text.count(example.LONG) >= 2


def test_a_figure_that_changes_changes_the_file() -> None:
    review = example.full()
    other = replace(
        review, objectives=(replace(review.objectives[0], now=Decimal(35)), *review.objectives[1:])
    )
    assert press.pdf(review, "fr") != press.pdf(other, "fr")
