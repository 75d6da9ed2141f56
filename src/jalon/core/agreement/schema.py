"""The JSON Schema of an agreement file, made from the words that the loader accepts: what an editor shows while one types."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from jalon.core.agreement import loading
from jalon.core.timekeeping.holidays import SETS

Schema = dict[str, Any]
_TEXT: Schema = {"type": "string"}
_LIST: Schema = {"type": "array"}
_OBJECT: Schema = {"type": "object"}
_BILINGUAL: Schema = {
    "type": "object", "description": "Said in both languages.", "required": ["en", "fr"], "additionalProperties": False,
    "properties": {"fr": _TEXT, "en": _TEXT},
}  # fmt: skip
_DAY: Schema = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}


def json_schema() -> Schema:
    """The whole schema (draft 2020-12). The linter says more than a schema can; it never says the contrary."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Jalon agreement file, version 1",
        "description": "One version of an agreement: its text in two languages, and the norms that the machine runs. "
        "`jalon agreement check` says the rest.",
        **_closed(
            loading.TOP,
            loading.TOP_OPTIONAL,
            {
                "jalon_agreement": {"const": "1"},
                "id": {"type": "string", "pattern": f"^{loading._ID.pattern}$", "description": "The folder’s name."},
                "version": {"type": "string", "pattern": f"^(?:{loading._VERSION.pattern})$",
                            "description": "major: a clause changed; minor: what somebody owes changed; patch: wording."},
                "status": {"enum": list(loading.STATUSES)},
                "supersedes": {"type": ["string", "null"], "description": "The version before this one."},
                "title": _BILINGUAL,
                "source": _open(("file", "sha256", "published_on"), {
                    "file": {"type": "string", "description": "The signed text, beside this file."},
                    "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"}, "published_on": _DAY,
                    "ignored_lines": {"type": "array", "items": {"type": "integer"}},
                }),
                "languages": _open(("authentic", "translations"), {"authentic": {"enum": list(loading.LANGUAGES)}}),
                "parties": _open(("provider", "client"), {side: _open(("seats",), {"seats": _LIST})
                                                          for side in ("provider", "client")}),
                "effect": _open(loading.EFFECT, {}),
                "order": _open(("must_set", "may_set"), {"must_set": _LIST, "may_set": _LIST}),
                "calendars": _each(_calendar(), required=("provider",)),
                "time": _each(_OBJECT),
                "levels": _each(_closed(("name", "includes", "set"), (), {
                    "name": _BILINGUAL, "includes": _LIST, "set": _OBJECT})),
                "level_change": _OBJECT,
                "parameters": _each(_parameter()),
                "clauses": {"type": "array", "items": _clause()},
                "norms": _each(_norm()),
                "measures": _each(_OBJECT),
                "defined_terms": {"type": "array", "items": _OBJECT},
                "editorial_notes": {"type": "array", "items": _OBJECT},
                "accepted_words": {"type": "array", "description": "Names and words of the trade, for the spelling.",
                                   "items": _TEXT},
            },
        ),
    }  # fmt: skip


def _calendar() -> Schema:
    hours = {"type": "array", "items": {"type": "string", "pattern": f"^{loading._HOURS.pattern}$"}}
    return _closed(loading.CALENDAR_REQUIRED, loading.CALENDAR_OPTIONAL, {
        "zone": {"type": "string", "description": "A time zone of the IANA base: Europe/Paris."},
        "open": _closed((), loading.DAYS, dict.fromkeys(loading.DAYS, hours)),
        "holidays": _open(("set", "frozen"), {"set": {"enum": list(SETS)}, "good_friday": {"type": "boolean"}}),
        "closures": {"type": "array", "items": _DAY, "description": "Days off beside the holidays."},
        "at_closing": {"enum": ["stay", "next_opening"], "description": "An end that falls exactly at closing time."},
        "from": {"enum": list(loading.ORIGINS)},
        "confirm": {"type": "boolean"},
    })  # fmt: skip


def _parameter() -> Schema:
    return _open(("label", "value", "clause", "from"), {
        "label": _BILINGUAL,
        "value": {"description": "A number, a choice, or a term: PnD, PnM, PnY, PnBD, PTnWH, PTnH."},
        "clause": _TEXT,
        "from": {"enum": list(loading.ORIGINS), "description": "text: the contract says it; law: a statute; default: "
                 "proposed, to be confirmed."},
        "confirm": {"type": "boolean", "description": "Still to be confirmed by the parties: blocks publication."},
        "informs": {"type": "boolean", "description": "Said for information: no norm reads it."},
        "law": _TEXT,
        "options": _LIST,
    })  # fmt: skip


def _clause() -> Schema:
    return _closed(loading.CLAUSE, (), {
        "id": _TEXT, "lines": {"type": "array", "items": {"type": "integer"}, "description": "Lines of the source file."},
        "title": _BILINGUAL, "fr": _TEXT, "en": _TEXT, "norms": {"type": "array", "items": _TEXT},
    })  # fmt: skip


def _norm() -> Schema:
    return _closed(loading.NORM_REQUIRED, loading.NORM_OPTIONAL, {
        "title": _BILINGUAL,
        "clause": _TEXT,
        "modality": {"enum": list(loading.MODALITIES)},
        "kind": {"enum": list(loading.KINDS)},
        "debtor": {"enum": list(loading.DEBTORS)},
        "creditor": {"enum": list(loading.CREDITORS)},
        "strength": {"enum": list(loading.STRENGTHS)},
        "measure": {"type": ["string", "null"]},
        "evidence": {"type": "array", "items": _TEXT, "minItems": 1},
        "suspendable": {"type": "boolean"},
        "quote": {**_BILINGUAL, "description": "The words of the clause that found it, word for word, in both languages."},
        **dict.fromkeys(loading.NORM_LISTS, _LIST),
        **dict.fromkeys(loading.NORM_MAPPINGS, _OBJECT),
    })  # fmt: skip


def _open(required: Iterable[str], properties: Mapping[str, Schema]) -> Schema:
    return {"type": "object", "required": sorted(required), "properties": dict(properties)}


def _closed(required: Iterable[str], optional: Iterable[str], properties: Mapping[str, Schema]) -> Schema:
    names = sorted({*required, *optional})
    return {
        "type": "object",
        "additionalProperties": False,
        "required": sorted(required),
        "properties": {name: properties.get(name, {}) for name in names},
    }


def _each(one: Schema, required: Iterable[str] = ()) -> Schema:
    return {"type": "object", "required": sorted(required), "additionalProperties": one}
