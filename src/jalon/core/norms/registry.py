"""Which module runs which norm; what no module runs is listed, never passed over."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from jalon.core.agreement.model import Norm
from jalon.core.norms import (
    before,
    continuous,
    effect,
    limitation,
    on_event,
    one_off,
    payment,
    prohibition,
    recurring,
)
from jalon.core.norms.world import World
from jalon.core.obligations import Obligation

Runner = Callable[[World, Norm], Iterator[Obligation]]


def runner(norm: Norm) -> Runner | None:
    """The function that gives the instances of a norm; None when it is not run yet."""
    spec = norm.spec or {}
    due, trigger = spec.get("due") or {}, spec.get("trigger") or {}
    match norm.kind:
        case "declaration" if spec.get("sets") == "agreement.in_effect":
            return effect.instances
        case "one_off":
            return one_off.instances
        case "recurring":
            return recurring.instances
        case "before":
            return before.instances
        case "continuous" if continuous.can_run(norm):
            return continuous.instances
        case "on_event" if "printed" in due:
            return payment.instances
        case "on_event" if (trigger.get("where") or {}).get("settles"):
            return payment.resumptions
        case "on_event" if spec.get("if") is None or spec["if"] in on_event.CONDITIONS:
            return on_event.instances
        case "prohibition":
            return prohibition.instances
    return None


def runs(norm: Norm) -> bool:
    """Whether this engine runs a norm: as obligations, as a right with its quota, as a power, or as a limit."""
    return runner(norm) is not None or is_right(norm) or is_power(norm) or is_limitation(norm)


def is_limitation(norm: Norm) -> bool:
    """A bound of liability: it says something of each claim."""
    return norm.kind == "limitation" and limitation.can_run(norm)


def is_right(norm: Norm) -> bool:
    """A right within a quota (ad hoc reports)."""
    return norm.modality == "right" and "quota" in (norm.spec or {})


def is_power(norm: Norm) -> bool:
    """An act that its holder may do under conditions; each exercise is checked against them."""
    return norm.kind == "power" and "exercised_by" in (norm.spec or {})
