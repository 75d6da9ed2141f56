"""Today on the same tape: appointments on it, what the vendor owes above, what is owed to it below."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape

from django.utils import translation
from django.utils.translation import gettext as _

from jalon.core.obligations import Side, State
from jalon.figures import poles
from jalon.figures.line import shortened
from jalon.wording import dates, states
from jalon.wording.reading import local

TAPE_TOP, TAPE_BOTTOM, BEFORE, AFTER, GAP = 62, 92, 112, 102, 13
MOST = 5
"""Poles drawn on each side of the time before today; the rest is a number."""


@dataclass(frozen=True)
class DayPole:
    """A promise late since before today, or due today at `due`; due at the end of the day when it has no hour."""

    side: Side
    state: State
    client: str
    title: str
    due: datetime
    href: str = ""
    late: bool = False
    timed: bool = False


@dataclass(frozen=True)
class Meeting:
    """An appointment of today."""

    start: datetime
    end: datetime
    client: str
    what: str
    href: str = ""


@dataclass(frozen=True)
class DayLine:
    """A day from `opens` to `closes`, both hours, widened where something falls outside."""

    now: datetime
    poles: Sequence[DayPole] = ()
    meetings: Sequence[Meeting] = ()
    opens: int = 9
    closes: int = 18
    width: int = 712

    def _hours(self) -> tuple[int, int]:
        here = [local(m.start).hour for m in self.meetings] + [
            local(p.due).hour for p in self.poles if p.timed and not p.late
        ]
        ends = [local(m.end).hour + 1 for m in self.meetings] + [
            local(p.due).hour + 1 for p in self.poles if p.timed and not p.late
        ]
        return min([self.opens, *here]), min(max([self.closes, *ends]), 24)

    def svg(self, lang: str) -> str:
        """The drawing for a page."""
        with translation.override(lang):
            return self._drawn(lang)

    def _drawn(self, lang: str) -> str:
        first, last = self._hours()
        hours = self.width - BEFORE - AFTER

        def x(moment: datetime) -> float:
            here = local(moment)
            hour = here.hour + here.minute / 60
            return BEFORE + (min(max(hour, first), last) - first) / (last - first) * hours

        name, before, end = (
            _("The day"),
            _("before"),
            _("midnight"),
        )  # outside the f-strings, where extraction finds them
        here = local(self.now)
        now = round(x(self.now)) + 0.5
        if here.hour < first:
            now = BEFORE + 0.5
        elif here.hour >= last:
            now = BEFORE + hours + 0.5
        parts = [
            f'<svg class="line day-line" viewBox="0 0 {self.width} 148" role="group" aria-label="{escape(name)}">',
            f'<rect class="tape-past" x="0" y="{TAPE_TOP}" width="{now}" height="30"/>',
            f'<path class="tape-edge" d="M0 {TAPE_TOP + 0.5}H{self.width}M0 {TAPE_BOTTOM - 0.5}H{self.width}"/>',
            f'<path class="tape-cut" d="M{BEFORE + 0.5} {TAPE_TOP}v30M{BEFORE + hours + 0.5} {TAPE_TOP}v30"/>',
        ]
        ticks = [
            (BEFORE + k / (2 * (last - first)) * hours, 5 if k % 2 == 0 else 3)
            for k in range(1, 2 * (last - first))
        ]
        parts.append(
            '<path class="tape-week" d="'
            + "".join(
                f"M{round(at) + 0.5} {TAPE_TOP}v{high}M{round(at) + 0.5} {TAPE_BOTTOM}v-{high}"
                for at, high in ticks
            )
            + '"/>'
        )
        parts += [
            f'<text class="slot-hour" x="{BEFORE + (hour - first) / (last - first) * hours:.1f}" y="{TAPE_BOTTOM + 15}" text-anchor="middle">{hour}</text>'
            for hour in range(first + 1, last + 1)
        ]
        parts.append(
            f'<text class="slot-hour" x="9" y="{TAPE_TOP + 19}">{escape(before)}</text>'
            f'<text class="slot-hour" x="{self.width - 9}" y="{TAPE_TOP + 19}" text-anchor="end">{escape(end)}</text>'
        )
        stops = [x(m.start) for m in self.meetings]
        stops += [x(p.due) - 8 for p in self.poles if p.side == Side.PROVIDER and p.timed and not p.late]
        stops.append(BEFORE + hours)
        for group in _together(self.meetings):
            parts += self._meetings(group, x, _room(x(group[0].start), stops))
        parts += [
            self._named(p, x(p.due), lang)
            for p in self.poles
            if p.side == Side.PROVIDER and p.timed and not p.late and _room(x(p.due), stops) > 54
        ]
        for side in (Side.PROVIDER, Side.CLIENT):
            parts += self._side(lang, side, x, BEFORE + hours)
        stamp = dates.clock(self.now, lang)
        parts.append(
            f'<path class="now" d="M{now} 20V146"/><rect class="now-tag" x="{now - 24}" y="2" width="48" height="18" rx="3"/>'
            f'<text class="now-word" x="{now}" y="15" text-anchor="middle">{escape(stamp)}</text></svg>'
        )
        return "".join(parts)

    def _meetings(self, group: Sequence[Meeting], x: Callable[[datetime], float], space: float) -> list[str]:
        """Appointments that begin together: each has its own lane of the tape, and its own line of words where two are."""
        start, alone = x(group[0].start), len(group) == 1
        room = max(int((min(space, 130) - 10) / 6.2), 0)
        high = 28 / len(group)
        parts = []
        for lane, meeting in enumerate(group):
            said = escape(f"{meeting.client}, {meeting.what}")
            words = (
                [(meeting.client, -21), (meeting.what, -7)] if alone else [(meeting.client, -21 + 14 * lane)]
            )
            if lane == 1 and len(group) > 2:
                words = [(_("and %(n)s others") % {"n": len(group) - 1}, -7)]
            texts = "".join(
                f'<text class="{"label" if up == -7 and (alone or len(group) > 2) else "label label-strong"}" x="{start + 7:.1f}" y="{TAPE_TOP + up}">'
                f"{escape(_cut(text, room))}</text>"
                for text, up in words
                if up <= -7
            )
            parts.append(
                f'<a href="{escape(meeting.href)}" aria-label="{said}"><title>{said}</title>'
                f'<rect class="slot" x="{start:.1f}" y="{TAPE_TOP + 1 + lane * high:.1f}" width="{max(x(meeting.end) - start, 3):.1f}" height="{max(high - (not alone), 2):.1f}"/>'
                f'<rect class="slot-edge" x="{start:.1f}" y="{TAPE_TOP - 30}" width="1.5" height="60"/>{texts}</a>'
            )
        return parts

    def _named(self, pole: DayPole, at: float, lang: str) -> str:
        """The client and the hour beside a promise due today, where nothing else stands."""
        return (
            f'<text class="label label-strong" x="{at + 10:.1f}" y="{TAPE_TOP - 35}">{escape(_cut(pole.client, 11))}</text>'
            f'<text class="label" x="{at + 10:.1f}" y="{TAPE_TOP - 21}">{escape(dates.clock(pole.due, lang))}</text>'
        )

    def _side(self, lang: str, side: Side, x: object, evening: float) -> list[str]:
        assert callable(x)
        mine = [p for p in self.poles if p.side == side]
        late = [p for p in mine if p.late]
        spots = [(p, 12.0 + k * GAP) for k, p in enumerate(late[:MOST])]
        taken = -1e9
        tonight = 0
        for pole in sorted((p for p in mine if not p.late), key=lambda p: p.due):
            if pole.timed:
                at = max(float(x(pole.due)), taken + GAP)
            else:
                at, tonight = evening + 14 + tonight * GAP, tonight + 1
                if at > self.width - 40:
                    continue
            taken = at if pole.timed else taken
            spots.append((pole, at))
        base, flip = (TAPE_TOP, "") if side == Side.PROVIDER else (TAPE_BOTTOM, " scale(1 -1)")
        parts = []
        for pole, at in spots:
            said = escape(
                ", ".join(
                    [
                        pole.client,
                        pole.title,
                        states.label(pole.state),
                        dates.day_long(pole.due - timedelta(seconds=1), lang),
                    ]
                )
            )
            use = f'<g transform="translate({at - 6.5:.1f} {base}){flip}"><rect class="touch" x="0" y="-52" width="13" height="52"/><use href="#tall-{poles.shape(pole.state)}" y="-52" width="14" height="52"/></g>'
            parts.append(f'<a href="{escape(pole.href)}" aria-label="{said}"><title>{said}</title>{use}</a>')
        if len(late) > MOST:
            y = TAPE_TOP - 44 if side == Side.PROVIDER else TAPE_BOTTOM + 50
            parts.append(
                f'<text class="label label-overdue" x="{12 + MOST * GAP}" y="{y}">+{len(late) - MOST}</text>'
            )
        return parts


def _together(meetings: Sequence[Meeting]) -> list[list[Meeting]]:
    """Appointments by their start: those of one hour share its place on the tape."""
    found: dict[datetime, list[Meeting]] = {}
    for meeting in sorted(meetings, key=lambda m: (m.start, m.client)):
        found.setdefault(meeting.start, []).append(meeting)
    return list(found.values())


def _room(start: float, stops: Sequence[float]) -> float:
    """From `start` to the next thing on the tape."""
    return min((stop for stop in stops if stop > start + 1), default=start) - start


def _cut(text: str, room: int) -> str:
    if room < 3:
        return ""
    return shortened(text) if len(text) <= room else text[: room - 1].rstrip() + "…"
