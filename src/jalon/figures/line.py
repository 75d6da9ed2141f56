"""The line of promises: a tape of time, the vendor's poles above it, the client's below, each at its due date."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from html import escape
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from jalon.core.obligations import JUDGED, Side, State
from jalon.figures import poles as drawn
from jalon.figures import standing
from jalon.figures.paint import Palette, painted
from jalon.wording import dates, say, states
from jalon.wording.reading import local_day

POLE, TAPE, GAP, THIN = 52, 24, 13.0, 4.0
CROWDED = 0.5  # of the line: where a side's poles would take more, those kept in time are drawn thin
URGENT = (State.OVERDUE, State.MISSED, State.EXCUSED, State.PAUSED, State.UNCONFIRMED)
NUMBERED = 13  # height of the row of numbers at the heads of the poles
LETTER = 5.9  # width of a letter of a label, in px, on average
LONGEST = 26  # letters of a label
BEFORE, AFTER = 14, 28  # days around today that are drawn wider


@dataclass(frozen=True)
class Pole:
    """One promise on the line. `because` is the key of the promise whose lateness moved it or whose fact excuses it."""

    key: str
    side: Side
    due: date
    state: State
    title: str
    due_first: date | None = None
    done: date | None = None
    href: str = ""
    because: str = ""
    number: int = 0  # in the table beside the line; 0 where there is none

    @property
    def moved(self) -> bool:
        """Its date is not the first one."""
        return self.due_first is not None and self.due_first != self.due

    def said(self, lang: str) -> str:
        """The name of the pole for who does not see it: title, date, state, and the move."""
        words = [self.title, dates.day_long(self.due, lang), states.label(self.state)]
        if self.moved and self.due_first:
            words.append(_("moved from %(day)s") % {"day": dates.date_short(self.due_first, lang)})
        return ", ".join(words)


@dataclass(frozen=True)
class Placed:
    """A pole and where it stands."""

    pole: Pole
    x: float
    width: float = GAP

    @property
    def thin(self) -> bool:
        """Drawn as a stroke: it was kept in time, and others need the room."""
        return self.width <= THIN


@dataclass(frozen=True)
class Label:
    """A word beside a pole: its row above (or below) the poles, and which end of it is at the pole."""

    pole: Pole
    x: float
    level: int
    anchor: str


@dataclass(frozen=True)
class Week:
    """A week of the narrow design: its first and last day, what each side owed in it."""

    first: date
    last: date
    ours: tuple[Pole, ...]
    theirs: tuple[Pole, ...]
    now: bool = False

    @property
    def urgent(self) -> tuple[Pole, ...]:
        """The poles whose words are shown."""
        return tuple(
            p
            for p in self.theirs + self.ours
            if p.state in URGENT or p.moved or (self.now and p.state == State.OPEN)
        )


@dataclass(frozen=True)
class LineOfPromises:
    """Poles between two days. `zoom` widens the days around today; 1 draws every day alike."""

    poles: Sequence[Pole]
    start: date
    end: date
    today: date
    provider: str = ""
    client: str = ""
    suspended: Sequence[tuple[date, date]] = ()
    width: int = 968
    labels: bool = True
    zoom: float = 2.5
    selected: str = ""
    name: str = ""
    _shown: list[Pole] = field(default_factory=list, init=False, repr=False)

    def __post_init__(self) -> None:
        self._shown.extend(
            p for p in self.poles if self.start <= p.due <= self.end and p.state != State.NOT_YET
        )

    # --- where things stand ------------------------------------------------------------------------------------
    @cached_property
    def _steps(self) -> list[float]:
        """The position of the start of each day, in units of a plain day."""
        near = range((self.today - self.start).days - BEFORE, (self.today - self.start).days + AFTER)
        total, steps = 0.0, []
        for k in range((self.end - self.start).days + 1):
            steps.append(total)
            total += self.zoom if k in near else 1.0
        return [*steps, total]

    def x(self, day: date) -> float:
        """Where `day` begins, in px; days outside the line stand at its ends."""
        k = min(max((day - self.start).days, 0), len(self._steps) - 1)
        return self._steps[k] / self._steps[-1] * self.width

    def _widths(self, owed: Sequence[Pole]) -> list[float]:
        """The room of each pole of a side. Where there are many, those kept in time are thin: the others stay at their dates."""
        if len(owed) * GAP <= self.width * CROWDED:
            return [GAP] * len(owed)
        widths = [THIN if self._is_quiet(pole) else GAP for pole in owed]
        fits = (self.width - GAP) / sum(widths)
        return [width * min(1.0, fits) for width in widths]

    def _is_quiet(self, pole: Pole) -> bool:
        return pole.state == State.MET and not pole.moved and pole.key != self.selected

    def _placed(self, side: Side) -> list[Placed]:
        """Each pole at its day; neighbours that would touch step aside, as little as they can."""
        owed = sorted((p for p in self._shown if p.side == side), key=lambda p: (p.due, p.key))
        widths = self._widths(owed)
        stand = standing.apart(
            [(self.x(pole.due) + 0.5, width) for pole, width in zip(owed, widths, strict=True)], self.width
        )
        return [Placed(pole, x, width) for pole, x, width in zip(owed, stand, widths, strict=True)]

    def _labelled(self, placed: Sequence[Placed], taken: Sequence[tuple[float, float]] = ()) -> list[Label]:
        """The urgent first, then what comes next, each on the lowest row where it crosses no word, no leader and not today."""
        if not self.labels:
            return []
        rows: list[list[tuple[float, float]]] = [list(taken), [], [], []]
        now = self.x(self.today)
        leaders: list[tuple[float, int]] = []
        found: list[Label] = []
        for spot in sorted(placed, key=self._urgency):
            if self._urgency(spot)[0] > 9:
                continue
            wide = min(len(spot.pole.title), LONGEST) * LETTER + 6
            options = [("middle", spot.x - wide / 2), ("start", spot.x - 4), ("end", spot.x - wide + 4)]
            fit = next(
                (
                    (level, anchor, left)
                    for level in range(4)
                    for anchor, left in options
                    if left >= -2
                    and left + wide <= self.width + 4
                    and all(left > b + 6 or left + wide < a - 6 for a, b in rows[level])
                    and not left - 2 < now < left + wide + 2
                    and all(not left - 3 < lx < left + wide + 3 for lx, top in leaders if top > level)
                    and all(not a - 3 < spot.x < b + 3 for lower in rows[:level] for a, b in lower)
                ),
                None,
            )
            if fit is None:
                continue
            level, anchor, left = fit
            rows[level].append((left, left + wide))
            leaders.append((spot.x, level))
            found.append(Label(spot.pole, spot.x, level, anchor))
        return found

    def _urgency(self, spot: Placed) -> tuple[int, date]:
        state = spot.pole.state
        if state in URGENT:
            return URGENT.index(state), spot.pole.due
        if spot.pole.moved:
            return 6, spot.pole.due
        if state == State.OPEN and spot.pole.due - self.today <= timedelta(45):
            return 7, spot.pole.due
        return 10, spot.pole.due

    # --- the drawing -------------------------------------------------------------------------------------------
    def svg(self, lang: str, palette: Palette | None = None) -> str:
        """The drawing for a page (classes, links), or for paper (colours, no link) when a palette is given."""
        with translation.override(lang):
            svg = self._drawn(lang)
        return painted(svg, palette, defs=drawn.symbols()) if palette else svg

    def _drawn(self, lang: str) -> str:
        above, below = self._placed(Side.PROVIDER), self._placed(Side.CLIENT)
        halts = [(self.x(first), self.x(last + timedelta(1))) for first, last in self.suspended]
        word = _("suspended")
        half = len(word) * LETTER / 2 + 2
        wide_halts = [(a, b) for a, b in halts if b - a > 2 * half] if self.labels else []
        taken = [((a + b) / 2 - half, (a + b) / 2 + half) for a, b in wide_halts]
        up, down = self._labelled(above, taken), self._labelled(below)
        extra = NUMBERED if self._numbered else 0
        rise = (
            max(16 * (1 + max((label.level for label in up), default=-1)) + 30, 38 if self.labels else 24)
            + extra
        )
        fall = max(16 * (1 + max((label.level for label in down), default=-1)) + 8, 10) + extra
        top = rise + POLE
        bottom = top + TAPE
        height = bottom + POLE + fall
        now = round(self.x(self.today)) + 0.5
        name = self.name or _("Line of promises")
        parts = [
            f'<svg class="line" viewBox="0 0 {self.width} {height}" role="group" aria-label="{escape(name)}">'
        ]
        parts += [
            f'<rect class="halt" x="{a:.1f}" y="{rise}" width="{b - a:.1f}" height="{bottom - rise}"/>'
            f'<path class="halt-edge" d="M{a:.1f} {rise}V{bottom}M{b:.1f} {rise}V{bottom}"/>'
            for a, b in halts
        ]
        parts += [
            f'<text class="halt-word" x="{(a + b) / 2:.1f}" y="{rise - 3}" text-anchor="middle">{escape(word)}</text>'
            for a, b in wide_halts
        ]
        parts += self._tape(lang, top, bottom, now, halts)
        parts += self._lengths(above, top + 1.5, now) + self._lengths(below, bottom - 1.5, now)
        parts += self._side(lang, above, up, top, flip=False) + self._side(
            lang, below, down, bottom, flip=True
        )
        parts += self._arrows(above, below, top, bottom)
        stamp = dates.date_short(self.today, lang)
        half = len(stamp) * 3.2 + 8
        at = min(max(now, half), self.width - half)
        parts.append(
            f'<path class="now" d="M{now} 20V{height - 2}"/><rect class="now-tag" x="{at - half:.1f}" y="2" width="{half * 2:.1f}" height="18" rx="3"/>'
            f'<text class="now-word" x="{at:.1f}" y="15" text-anchor="middle">{escape(stamp)}</text></svg>'
        )
        return "".join(parts)

    @property
    def _numbered(self) -> bool:
        """Whether poles carry the numbers of a table: for paper, where nothing opens."""
        return any(pole.number for pole in self._shown)

    def _numbers(self, placed: Sequence[Placed], base: float, sign: int) -> list[str]:
        y = base + sign * (POLE + 4) + (8 if sign > 0 else 0)
        return [
            f'<text class="pole-no" x="{spot.x:.1f}" y="{y:.1f}" text-anchor="middle">{spot.pole.number}</text>'
            for spot in placed
            if spot.pole.number and not spot.thin
        ]

    def _tape(
        self, lang: str, top: float, bottom: float, now: float, halts: Sequence[tuple[float, float]]
    ) -> list[str]:
        """The tape: past filled, future empty, a tick a week, a cut a month."""
        parts = [
            f'<rect class="tape-past" x="0" y="{top}" width="{min(max(now, 0), self.width):.1f}" height="{TAPE}"/>'
        ]
        parts += [
            f'<rect class="halt" x="{a:.1f}" y="{top}" width="{b - a:.1f}" height="{TAPE}"/>'
            for a, b in halts
        ]
        parts.append(
            f'<path class="tape-edge" d="M0 {top + 0.5}H{self.width}M0 {bottom - 0.5}H{self.width}"/>'
        )
        days = [self.start + timedelta(k) for k in range((self.end - self.start).days + 1)]
        weeks = [round(self.x(day)) + 0.5 for day in days if day.weekday() == 0]
        firsts = [self.start] + [day for day in days[1:] if day.day == 1]
        ends = [*firsts[1:], self.end + timedelta(1)]
        for first, end in zip(firsts, ends, strict=True):
            room = self.x(end) - self.x(first)
            said = next((s for s in self._month_names(first, lang) if len(s) * LETTER + 12 < room), "")
            if said:
                parts.append(
                    f'<text class="tape-month" x="{self.x(first) + 7:.1f}" y="{top + 16}">{escape(said)}</text>'
                )
        cuts = "".join(f"M{round(self.x(day)) + 0.5} {top}v{TAPE}" for day in firsts)
        ticks = "".join(f"M{x} {top}v4M{x} {bottom}v-4" for x in weeks)
        parts.append(f'<path class="tape-week" d="{ticks or "M0 0"}"/><path class="tape-cut" d="{cuts}"/>')
        return parts

    def _month_names(self, first: date, lang: str) -> list[str]:
        long, short = dates.month_name(first, lang), dates.month_name(first, lang, short=True)
        with_year = [f"{long} {first.year}"] if first.month == 1 or first == self.start else []
        return [*with_year, long, short]

    def _lengths(self, placed: Sequence[Placed], edge: float, now: float) -> list[str]:
        """Red for lateness, from the due date to the day it was done or today; violet for time granted."""
        parts = []
        for spot in placed:
            pole, due = spot.pole, self.x(spot.pole.due) + 0.5
            if pole.moved and pole.due_first:
                first = self.x(pole.due_first)
                parts.append(
                    f'<path class="moved" d="M{first:.1f} {edge}H{due:.1f}"/><circle class="moved-end" cx="{first:.1f}" cy="{edge}" r="3"/>'
                )
            if pole.state == State.OVERDUE or (pole.state in (State.MET_LATE, State.MISSED) and pole.done):
                end = now if pole.state == State.OVERDUE or pole.done is None else self.x(pole.done)
                parts.append(f'<path class="tail" d="M{due:.1f} {edge}H{max(end, due + 2):.1f}"/>')
                if pole.done:
                    parts.append(f'<circle class="tail-end" cx="{end:.1f}" cy="{edge}" r="2.5"/>')
        return parts

    def _side(
        self, lang: str, placed: Sequence[Placed], labels: Sequence[Label], base: float, *, flip: bool
    ) -> list[str]:
        sign = 1 if flip else -1
        head = base + sign * (POLE - 3 + (NUMBERED if self._numbered else 0))
        parts = self._numbers(placed, base, sign)
        for label in labels:
            y = head + sign * (8 + 16 * label.level)
            if label.level:
                parts.append(
                    f'<path class="leader" d="M{label.x:.1f} {head + sign * 2}V{y + (-9 if flip else 3):.1f}"/>'
                )
            dx = {"middle": 0, "start": -4, "end": 4}[label.anchor]
            kind = (
                drawn.shape(label.pole.state)
                if label.pole.state in URGENT
                else "moved"
                if label.pole.moved
                else ""
            )
            klass = f"label label-{kind}" if kind else "label"
            parts.append(
                f'<text class="{klass}" x="{label.x + dx:.1f}" y="{y + (9 if flip else 0)}" text-anchor="{label.anchor}">'
                f"{escape(shortened(label.pole.title))}</text>"
            )
        for spot in placed:
            said = escape(spot.pole.said(lang))
            place = f"translate({spot.x - 6.5:.1f} {base})" + (" scale(1 -1)" if flip else "")
            picked = (
                '<rect class="picked" x="-3" y="-54" width="19" height="57" rx="4"/>'
                if spot.pole.key == self.selected
                else ""
            )
            mark = (
                f'<g transform="translate({spot.x - THIN / 2:.1f} {base})'
                + (' scale(1 -1)"' if flip else '"')
                + f'><rect class="touch" x="0" y="-{POLE}" width="{THIN}" height="{POLE}"/>'
                f'<path class="p-met" d="M.75 -{POLE - 8}h2.5V-6L2 0L.75 -6z"/></g>'
                if spot.thin
                else f'<g transform="{place}">{picked}<rect class="touch" x="0" y="-52" width="13" height="52"/>'
                f'<use href="#tall-{drawn.shape(spot.pole.state)}" y="-{POLE}" width="14" height="{POLE}"/></g>'
            )
            current = ' aria-current="true"' if picked else ""
            opening = (
                f'<a href="{escape(spot.pole.href)}" aria-label="{said}"{current}>'
                if spot.pole.href
                else f'<g role="img" aria-label="{said}">'
            )
            parts.append(f"{opening}<title>{said}</title>{mark}{'</a>' if spot.pole.href else '</g>'}")
        return parts

    def _arrows(
        self, above: Sequence[Placed], below: Sequence[Placed], top: float, bottom: float
    ) -> list[str]:
        """From what was moved or excused to the promise of the other side that caused it."""
        at = {spot.pole.key: spot for spot in (*above, *below)}
        parts = []
        for spot in (*above, *below):
            cause = at.get(spot.pole.because)
            if (
                cause is None
                or cause.pole.side == spot.pole.side
                or not (spot.pole.moved or spot.pole.state == State.EXCUSED)
            ):
                continue
            sign, edge, far = (
                (1, top + 3, bottom) if spot.pole.side == Side.PROVIDER else (-1, bottom - 3, top)
            )
            start = self.x(spot.pole.due_first) if spot.pole.moved and spot.pole.due_first else spot.x
            y = far + sign * 30
            back = -1 if cause.x < start else 1
            if abs(cause.x - start) < 24:
                parts.append(f'<path class="because" d="M{start:.1f} {edge}V{far + sign * 8}"/>')
                continue
            parts.append(
                f'<path class="because" d="M{start:.1f} {edge}V{y - sign * 8}q0 {8 * sign} {8 * back} {8 * sign}H{cause.x - back * 8:.1f}"/>'
                f'<path class="because" d="M{cause.x - back * 13:.1f} {y - 4}l{5 * back} 4l{-5 * back} 4"/>'
            )
        return parts

    # --- the same, otherwise -----------------------------------------------------------------------------------
    def weeks(self) -> list[Week]:
        """The narrow design: the tape upright, a row for each week that has a pole, and this week in any case."""
        this = self.today - timedelta(self.today.weekday())
        mondays = sorted({p.due - timedelta(p.due.weekday()) for p in self._shown} | {this})
        return [
            Week(
                monday,
                monday + timedelta(6),
                self._of(monday, Side.PROVIDER),
                self._of(monday, Side.CLIENT),
                monday == this,
            )
            for monday in mondays
        ]

    def _of(self, monday: date, side: Side) -> tuple[Pole, ...]:
        return tuple(p for p in self.rows() if p.side == side and monday <= p.due < monday + timedelta(7))

    def rows(self) -> list[Pole]:
        """The same promises as a table's rows, by date."""
        return sorted(self._shown, key=lambda p: (p.due, p.side, p.key))

    def counts(self, side: Side) -> Mapping[State, int]:
        """How many poles of `side` stand in each state, over the whole line."""
        return Counter(p.state for p in self._shown if p.side == side)

    def score(self, side: Side) -> tuple[int, int]:
        """Met in time, of those judged."""
        counts = self.counts(side)
        return counts[State.MET], sum(counts[state] for state in JUDGED)

    def legend(self) -> list[tuple[State, int]]:
        """The states to explain, with how many poles are in each."""
        both = Counter(p.state for p in self._shown)
        return [(state, both[state]) for state in states.DRAWN if both[state]]


def shortened(title: str) -> str:
    """A title that fits a label."""
    return title if len(title) <= LONGEST else title[: LONGEST - 1].rstrip() + "…"


def line_of(
    obligations: Iterable[Any],
    *,
    start: date,
    end: date,
    today: date,
    lang: str,
    href: Callable[[str], str] | None = None,
    **options: Any,
) -> LineOfPromises:
    """The line of obligations (of the core, or rows of the projection). `href` gives the address of a key's why."""
    found = [o for o in obligations if (o.due_on or o.due) and o.state != State.NOT_YET]
    by_fact = {
        fact: o.key for o in found for fact in (*_facts(o.evidence), *([o.trigger] if o.trigger else []))
    }
    with translation.override(lang):
        stand = [
            Pole(
                key=o.key,
                side=Side(o.debtor),
                due=o.due_on or dates.last_day(o.due),
                state=State(o.state),
                title=say(o.title),
                due_first=o.due_first_on or (dates.last_day(o.due_first) if o.due_first else None),
                done=local_day(o.done_at) if o.done_at else None,
                href=href(o.key) if href else "",
                because=_cause(o, by_fact),
            )
            for o in found
            if o.debtor in (Side.PROVIDER, Side.CLIENT)
        ]
    return LineOfPromises(poles=stand, start=start, end=end, today=today, **options)


def _facts(value: Any) -> tuple[str, ...]:
    return tuple(value or ())


def _cause(obligation: Any, by_fact: Mapping[str, str]) -> str:
    """The key of another promise that a fact of the shift or of the excuse belongs to; empty when there is none."""
    because = [*(obligation.shifts or ()), *([obligation.excuse] if obligation.excuse else [])]
    facts = [
        fact
        for part in because
        for fact in _facts(part.get("facts") if isinstance(part, dict) else part.facts)
    ]
    return next((by_fact[fact] for fact in facts if by_fact.get(fact, obligation.key) != obligation.key), "")
