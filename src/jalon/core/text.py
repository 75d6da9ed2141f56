"""Sentences as values: the core says them in English with named values; `jalon.wording.say` puts them into the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from jalon.core.money.amount import Money
from jalon.core.timekeeping.terms import Term

Lang = str
"""A language code of two letters: "fr" or "en"."""


@dataclass(frozen=True)
class Bilingual:
    """A text that an agreement file gives in both languages; data, never translated by gettext."""

    fr: str
    en: str

    def said(self, lang: Lang) -> str:
        """The text in `lang`; the authentic French where `lang` is unknown."""
        return self.en if lang.startswith("en") else self.fr


@dataclass(frozen=True)
class Text:
    """A sentence not yet said: an English msgid with %(name)s places, and the values that fill them.

    `plural` and `count` choose a plural form; `context` tells apart words that French does not write alike.
    """

    msgid: str
    values: Mapping[str, Value] = field(default_factory=dict)
    plural: str = ""
    count: int | None = None
    context: str = ""

    def __hash__(self) -> int:
        return hash((self.msgid, self.plural, self.count, self.context, tuple(self.values)))


Value = str | int | Decimal | date | datetime | Money | Term | Bilingual | Text | tuple[Any, ...]
"""What a sentence can carry. Strings stay as they are; the rest is written by locale; a tuple becomes a list in words."""


class SaidError(Exception):
    """An error that has a sentence for whoever caused it: `said`, for any language."""

    def __init__(self, said: Text) -> None:
        super().__init__(said.msgid)
        self.said = said


def _(msgid: str, **values: Value) -> Text:
    """A sentence with its values. The name is what message extraction looks for."""
    return Text(msgid, values)


def ngettext(singular: str, plural: str, count: int, **values: Value) -> Text:
    """A sentence that depends on a number; `%(n)s` is the number itself."""
    return Text(singular, {"n": count, **values}, plural=plural, count=count)


def pgettext(context: str, msgid: str, **values: Value) -> Text:
    """A word that needs its context to be translated (gender of a state, a verb or a noun)."""
    return Text(msgid, values, context=context)
