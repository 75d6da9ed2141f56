"""Spelling in French and English, by the dictionaries of pyspellchecker; British spellings are English too."""

from __future__ import annotations

import re
from functools import lru_cache

from spellchecker import SpellChecker

_LEAST_LETTERS = 4  # a part of a compound that is shorter is a particle
_BRITISH = (
    (r"is(e[ds]?|er|ing|ation|ations)$", r"iz\1"), (r"our(s|ed|ing|able|ably|hood)?$", r"or\1"),
    (r"([cf])tre(s)?$", r"\1ter\2"), (r"ence(s)?$", r"ense\1"), (r"ll(ed|ing|er)$", r"l\1"), (r"ogue(s)?$", r"og\1"),
    (r"^re(?=[a-z]{4})", ""),
)  # fmt: skip
"""How the dictionary, which is American, writes what Britain writes otherwise."""


def spelled(word: str, lang: str) -> bool:
    """Whether `word` is one of `lang` ("fr" or "en"); each part of a compound is judged alone."""
    parts = [part for part in word.casefold().replace("œ", "oe").split("-") if len(part) >= _LEAST_LETTERS]
    return all(_known(part, lang) for part in parts)


def _known(word: str, lang: str) -> bool:
    known = _dictionary(lang)
    if word in known:
        return True
    return lang == "en" and any(
        re.search(theirs, word) and re.sub(theirs, ours, word) in known for theirs, ours in _BRITISH
    )


@lru_cache(maxsize=2)
def _dictionary(lang: str) -> SpellChecker:
    return SpellChecker(language=lang, distance=1)
