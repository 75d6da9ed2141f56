"""How each state is said, and the names of its colour and of its shape; gender agrees in French."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jalon.core.obligations import State


@dataclass(frozen=True)
class Look:
    """`shape` names the pole that draws the state; `colour` its token; `says` what it means in a sentence."""

    shape: str
    colour: str
    word: object  # a promise is feminine in French: « tenue »
    word_masculine: object  # an appointment, a delay: « tenu »
    says: object


def _both(word: object, masculine: object, shape: str, colour: str, says: object) -> Look:
    return Look(shape, colour, word, masculine, says)


LOOKS: dict[State, Look] = {
    State.NOT_YET: _both(
        pgettext_lazy("promise", "not yet due"), pgettext_lazy("masculine", "not yet due"),
        "not-yet", "ink-3", _("nothing is owed yet"),
    ),
    State.OPEN: _both(
        pgettext_lazy("promise", "open"), pgettext_lazy("masculine", "open"),
        "open", "ink", _("owed, and there is still time"),
    ),
    State.PAUSED: _both(
        pgettext_lazy("promise", "paused"), pgettext_lazy("masculine", "paused"),
        "paused", "paused", _("the clock waits for the other side"),
    ),
    State.MET: _both(
        pgettext_lazy("promise", "met"), pgettext_lazy("masculine", "met"),
        "met", "met", _("done before the end of its last day"),
    ),
    State.MET_LATE: _both(
        pgettext_lazy("promise", "met late"), pgettext_lazy("masculine", "met late"),
        "met-late", "met", _("done afterwards; the red length on the tape is the lateness"),
    ),
    State.OVERDUE: _both(
        pgettext_lazy("promise", "overdue"), pgettext_lazy("masculine", "overdue"),
        "overdue", "late", _("its date has passed, and it can still be done"),
    ),
    State.MISSED: _both(
        pgettext_lazy("promise", "missed"), pgettext_lazy("masculine", "missed"),
        "missed", "late", _("the time to do it is over"),
    ),
    State.EXCUSED: _both(
        pgettext_lazy("promise", "excused"), pgettext_lazy("masculine", "excused"),
        "excused", "excused", _("no longer owed; an arrow goes to what excuses it"),
    ),
    State.WAIVED: _both(
        pgettext_lazy("promise", "waived"), pgettext_lazy("masculine", "waived"),
        "waived", "ink-3", _("given up in writing by the side it was owed to"),
    ),
    State.CANCELLED: _both(
        pgettext_lazy("promise", "cancelled"), pgettext_lazy("masculine", "cancelled"),
        "cancelled", "ink-3", _("the agreement or its level ended first"),
    ),
    State.UNCONFIRMED: _both(
        pgettext_lazy("promise", "unconfirmed"), pgettext_lazy("masculine", "unconfirmed"),
        "unconfirmed", "ink", _("stated by one side, not yet confirmed by the other"),
    ),
    State.KEPT: _both(
        pgettext_lazy("promise", "kept"), pgettext_lazy("masculine", "kept"),
        "kept", "met", _("owed all the time, and nothing breaches it at this moment"),
    ),
    State.BREACHED: _both(
        pgettext_lazy("promise", "breached"), pgettext_lazy("masculine", "breached"),
        "missed", "late", _("a gap or an act that the agreement forbids, from its own moment on"),
    ),
    State.CURED: _both(
        pgettext_lazy("promise", "cured"), pgettext_lazy("masculine", "cured"),
        "met-late", "met", _("was breached, and what ended the breach is known"),
    ),
}  # fmt: skip

DRAWN: tuple[State, ...] = (
    State.MET, State.MET_LATE, State.OPEN, State.PAUSED, State.EXCUSED, State.UNCONFIRMED, State.OVERDUE, State.MISSED,
)  # fmt: skip
"""The eight states of the legend, in its order."""
MOVED = pgettext_lazy("promise", "moved")
"""Said beside any state whose date was moved by the other side or by a suspension."""


def look(state: State | str) -> Look:
    """The look of a state given as itself or by its value; ValueError for another word."""
    return LOOKS[State(state)]


def label(
    state: State | str, debtor: object = None, *, masculine: bool = False, lang: str | None = None
) -> str:
    """The word of a state. `debtor` is accepted and unused: both sides are judged in the same words."""
    del debtor
    found = look(state)
    with translation.override(lang or translation.get_language() or "fr"):
        return str(found.word_masculine if masculine else found.word)
