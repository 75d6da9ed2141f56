"""Every component in every state, on one page: what a designer looks at and what the accessibility test walks over."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from jalon.core.obligations import Side, State
from jalon.figures.chart import ChartSpec, Series, Sight
from jalon.figures.day import DayLine, DayPole, Meeting
from jalon.figures.line import LineOfPromises, Pole
from jalon.wording.states import LOOKS


class Sample(forms.Form):
    """One control of each kind, with help, with an error."""

    name = forms.CharField(label=_("Name"), help_text=_("As the company writes it."))
    level = forms.ChoiceField(label=_("Level"), choices=[("a", "Essentiel"), ("b", "Croissance")])
    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}))
    note = forms.CharField(label=_("Note"), widget=forms.Textarea(attrs={"rows": 3}), required=False)
    tell = forms.BooleanField(label=_("Tell the client"), required=False)


def line_of_states(today: date) -> LineOfPromises:
    """A line in which every state stands on both sides, one date moved and one promise excused."""
    poles = []
    for side in (Side.PROVIDER, Side.CLIENT):
        for k, state in enumerate(LOOKS):
            due = today + timedelta(
                days=(-150 + 17 * k)
                if state not in (State.OPEN, State.PAUSED, State.UNCONFIRMED)
                else 5 + 5 * k
            )
            due = min(due, today - timedelta(days=9)) if state in (State.OVERDUE, State.MISSED) else due
            done = due + timedelta(days=6) if state == State.MET_LATE else due if state == State.MET else None
            poles.append(
                Pole(f"{side}-{state}", side, due, state, f"{state.value} {k}", done=done, href="#line")
            )
    late = next(pole for pole in poles if pole.side == Side.CLIENT and pole.state == State.MET_LATE)
    poles.append(
        Pole(
            "moved",
            Side.PROVIDER,
            today + timedelta(days=4),
            State.OPEN,
            "review",
            due_first=today - timedelta(days=5),
            because=late.key,
            href="#line",
        )
    )
    return LineOfPromises(
        poles, today - timedelta(days=180), today + timedelta(days=60), today, provider="MyTraffic", client="Maison Vauban",
        suspended=[(today - timedelta(days=75), today - timedelta(days=60))],
    )  # fmt: skip


def charts(today: date) -> list[ChartSpec]:
    """One chart of each kind."""
    months = [date(2026, month, 1) for month in range(1, 7)]
    people = Series(_("Active people"), [22, 27, None, 35, 38, 44])
    licensed = Series(_("Licences"), [40, 40, 40, 48, 48, 48], "second")
    return [
        ChartSpec(
            "line",
            _("Active people"),
            months,
            [people, licensed],
            sight=Sight(months[0], 20, date(2026, 10, 1), 60),
            suspended=[(date(2026, 3, 1), date(2026, 3, 20))],
        ),
        ChartSpec("bar", _("Active people"), months, [people], target=40),
        ChartSpec(
            "stacked",
            _("Promises"),
            months,
            [Series(_("Kept"), [5, 6, 4, 7, 6, 3], "met"), Series(_("Late"), [0, 1, 0, 2, 0, 1], "late")],
        ),
        ChartSpec(
            "bullet",
            _("Objectives"),
            ["Magasins", "Utilisateurs", "Décisions"],
            [Series(_("Now"), [31, 44, 12]), Series(_("Objective"), [40, 60, 12], "second")],
        ),
    ]


def day_of(now: datetime) -> DayLine:
    """A day with everything that a day can have."""
    late = [
        DayPole(Side.PROVIDER, State.OVERDUE, "Ormont", "512", now - timedelta(days=k), "#day", late=True)
        for k in range(1, 10)
    ]
    theirs = [
        DayPole(Side.CLIENT, State.OVERDUE, "Aubrac", "094", now - timedelta(days=k), "#day", late=True)
        for k in range(1, 4)
    ]
    soon = [
        DayPole(Side.PROVIDER, State.OPEN, "Montclar", "507", now + timedelta(hours=2), "#day", timed=True)
    ]
    meetings = [
        Meeting(
            now + timedelta(hours=h), now + timedelta(hours=h, minutes=45), "Castellane", "formation", "#day"
        )
        for h in (1, 5)
    ]
    return DayLine(now, [*late, *theirs, *soon], meetings)


def gallery(request: HttpRequest) -> HttpResponse:
    """The page; only where the product is shown or built."""
    if not (settings.DEBUG or settings.DEMO):
        raise Http404("Not here.")
    now: datetime = request.now  # type: ignore[attr-defined]
    lang = (get_language() or "fr")[:2]
    line = line_of_states(now.date())
    context: dict[str, Any] = {
        "states": [{"state": state.value, "says": look.says} for state, look in LOOKS.items()], "line": line, "legend": line.legend(),
        "charts": charts(now.date()), "day": day_of(now), "form": Sample({"level": "a"}), "lang": lang, "now": now,
        "counts": {"met": 14, "met_late": 3, "open": 5, "overdue": 2}, "amount": Decimal("7200"), "trend": [0.4, 0.5, None, 0.6, 0.55, 0.71],
        "soon": now + timedelta(days=2), "late": now - timedelta(days=3), "path": [("#main", "Maison Vauban"), ("#line", _("Promises"))],
    }  # fmt: skip
    return render(request, "workspace/gallery.html", context)
