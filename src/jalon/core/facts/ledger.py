"""Kinds of facts about the ledger about itself."""

from __future__ import annotations

from jalon.core.facts.model import FactKind, Field
from jalon.core.facts.model import FieldType as T
from jalon.core.facts.words import EITHER
from jalon.core.text import _

KINDS: tuple[FactKind, ...] = (
    FactKind(
        "fact.corrected",
        "ledger",
        _("Fact corrected"),
        EITHER,
        "instant",
        (
            Field("target", T.REF, _("Fact"), required=True),
            Field("set", T.MAPPING, _("Corrected fields"), required=True),
            Field("reason", T.LONG_TEXT, _("Reason"), required_to_record=True),
        ),
        _("%(who)s corrected a fact"),
        icon="pencil",
    ),
    FactKind(
        "fact.retracted",
        "ledger",
        _("Fact retracted"),
        EITHER,
        "instant",
        (
            Field("target", T.REF, _("Fact"), required=True),
            Field("reason", T.LONG_TEXT, _("Reason"), required_to_record=True),
        ),
        _("%(who)s retracted a fact"),
        icon="x",
    ),
    FactKind(
        "fact.countersigned",
        "ledger",
        _("Fact countersigned"),
        EITHER,
        "instant",
        (Field("target", T.REF, _("Fact"), required=True),),
        _("%(who)s countersigned a fact"),
        icon="check",
    ),
    FactKind(
        "fact.disputed",
        "ledger",
        _("Fact disputed"),
        EITHER,
        "instant",
        (
            Field("target", T.REF, _("Fact"), required=True),
            Field("reason", T.LONG_TEXT, _("Reason"), required_to_record=True),
        ),
        _("%(who)s disputed a fact"),
        icon="triangle-alert",
    ),
)
