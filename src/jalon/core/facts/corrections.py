"""What a correction sets, read as the fields of the fact that it corrects; a correction that cannot be read changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jalon.core.facts.catalogue import KINDS, OF_KIND
from jalon.core.facts.model import Fact
from jalon.core.facts.values import Refusal, instant, kept
from jalon.core.obligations import Side
from jalon.core.text import Text, _

PARTIES = {Side.PROVIDER, Side.CLIENT}


class NotCorrected(ValueError):
    """A correction that has no effect; `said` says why, `field` what is at fault."""

    def __init__(self, said: Text, field: str) -> None:
        self.said, self.field = said, field
        super().__init__(said.msgid)


def checked(correction: Fact, target: Fact, zone: str) -> dict[str, Any]:
    """The values that a correction or a retraction sets on its target, as the ledger keeps them; NotCorrected says why it cannot.

    A side does not act for the other: it disputes what the other side said. What a system recorded may be corrected by either.
    """
    if not same_side(correction, target):
        raise NotCorrected(_("A side does not correct or retract what the other said: dispute it."), "target")
    if correction.kind != "fact.corrected":
        return {}
    if target.kind.startswith("fact."):
        raise NotCorrected(
            _("A correction corrects what happened: retract this one and record another."), "target"
        )
    return {name: _value(target, str(name), value, zone) for name, value in _written(correction).items()}


def same_side(fact: Fact, target: Fact) -> bool:
    """Whether whoever says something of a fact may speak for whoever recorded it: the same party, or a system."""
    return fact.side == target.side or not {fact.side, target.side} <= PARTIES


def _written(correction: Fact) -> Mapping[str, Any]:
    written = dict(correction.get("set") or {})
    if OF_KIND in written:
        written["kind"] = written.pop(OF_KIND)
    return written


def _value(target: Fact, name: str, value: Any, zone: str) -> Any:
    field = KINDS[target.kind].field(name)
    try:
        if name == "at":
            return instant(value, zone).isoformat()
        if field is None:
            said = _("“%(field)s” is not a field of “%(kind)s”.", field=name, kind=target.kind)
            raise NotCorrected(said, "set")
        return None if value in (None, "") else kept(field, value, zone)
    except Refusal as refusal:
        raise NotCorrected(refusal.said, "set") from refusal
