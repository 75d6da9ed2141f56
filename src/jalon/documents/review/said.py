"""A review said in one language: titles, rows, notes and drawings, in order; the page and the paper both read this."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone, translation

from jalon.core.obligations import JUDGED, LATE, Side, State
from jalon.core.text import Text, _, ngettext, pgettext
from jalon.documents.review import drawings
from jalon.documents.review.model import MonthlyReview, Objective, Promise
from jalon.documents.review.summary import sentences
from jalon.documents.review.writing import brief, elides, full, lower, runs, upper, value
from jalon.figures.paint import PAPER, Palette
from jalon.wording import dates, reading_at, say
from jalon.wording.reading import local_day
from jalon.wording.states import label
from jalon.wording.typography import typeset

Section = dict[str, Any]
PAPER_LINE = 700
"""Width of the line on paper, in its own units: its letters are then of 7.5 pt."""


def said(
    review: MonthlyReview, lang: str, palette: Palette | None = PAPER, *, href: str = ""
) -> dict[str, Any]:
    """Everything that the reader reads, in `lang`, as JSON values; with a palette the drawings stand alone.

    Without a palette, drawings are objects and SVG for the page, and `href` (with %s) leads from a promise to its why.
    """
    with translation.override(lang), timezone.override(ZoneInfo(review.zone)), reading_at(review.as_of):
        return _Saying(review, lang, palette, href).everything()


class _Saying:
    """One review, one language, page or paper."""

    def __init__(self, review: MonthlyReview, lang: str, palette: Palette | None, href: str) -> None:
        self.review, self.lang, self.palette, self.href = review, lang, palette, href
        self.last = drawings.month_end(review.month)

    def everything(self) -> dict[str, Any]:
        review = self.review
        day = dates.last_day(review.as_of)
        sections = [
            self._summary(), self._objectives(), self._charts(), self._line(), self._promises(), self._failures(), self._happened(),
            self._decisions(), self._commitments(),
        ]  # fmt: skip
        return {
            "lang": self.lang, "title": self.title(), "client": review.client, "vendor": review.provider, "subtitle": self._subtitle(),
            "date": [day.year, day.month, day.day], "facts": self._facts(), "as_of": self._as_of(), "known_at": self._known_at(),
            "agreement": self._agreement(), "checkpoint": self._checkpoint(), "page": say(_("page")),
            "colon": "\u202f: " if self.lang == "fr" else ": ",
            "sides": [self.name(side) for side in drawings.sides()], "sections": [s for s in sections if s], "icons": self._icons(),
        }  # fmt: skip

    # --- the head and the foot
    def title(self) -> str:
        """The name of the document."""
        name = dates.month(self.review.month, self.lang)
        return say(
            pgettext("before a vowel", "%(month)s review", month=name)
            if elides(name)
            else _("%(month)s review", month=name)
        )

    def _subtitle(self) -> str:
        if self.review.level:
            return say(_("Monthly review of the accompaniment, %(level)s level", level=self.review.level))
        return say(_("Monthly review of the accompaniment"))

    def _facts(self) -> list[list[str]]:
        words, review = self.review.words, self.review
        found = [["", upper(dates.full(words.held_at, self.lang).split(" (")[0])]] if words.held_at else []
        found += [
            [name, ", ".join(people)]
            for name, people in ((review.client, words.attendees), (review.provider, words.staff))
            if people
        ]
        return [*found, ["", upper(self._as_of())]]

    def _as_of(self) -> str:
        local = timezone.localtime(self.review.as_of)
        if local.hour == local.minute == 0:
            return say(
                _(
                    "figures as of the end of %(day)s (%(zone)s)",
                    day=full(dates.last_day(self.review.as_of), self.lang),
                    zone=self.review.zone,
                )
            )
        return say(_("figures as of %(day)s, %(time)s (%(zone)s)", day=full(local.date(), self.lang), time=dates.clock(self.review.as_of, self.lang), zone=self.review.zone))  # fmt: skip

    def _known_at(self) -> str:
        return say(_("as known on %(day)s, %(time)s", day=full(local_day(self.review.known_at), self.lang), time=dates.clock(self.review.known_at, self.lang)))  # fmt: skip

    def _agreement(self) -> str:
        review = self.review
        if review.agreement is None:
            return say(_("No agreement is signed: this review promises nothing and measures no promise."))
        parts = [
            say(_("%(title)s, version %(version)s", title=review.agreement, version=review.agreement_version))
        ]
        if review.published_on:
            parts[0] += " " + say(_("(text of %(day)s)", day=full(review.published_on, self.lang)))
        if review.level:
            parts.append(say(_("%(level)s level", level=review.level)))
        if review.effective_on:
            parts.append(say(_("in effect since %(day)s", day=full(review.effective_on, self.lang))))
        return ", ".join(parts)

    def _checkpoint(self) -> str:
        review = self.review
        if not review.sequence:
            return say(_("ledger: no fact recorded"))
        digest = review.checkpoint
        return say(
            _(
                "ledger: fact no. %(sequence)s, sha256 %(digest)s",
                sequence=review.sequence,
                digest=f"{digest[:16]} … {digest[-8:]}",
            )
        )

    def _icons(self) -> dict[str, str]:
        if self.palette is None:
            return {}
        used = {p.state for p in self.review.promises} | {State.OPEN}
        return {state.value: drawings.small_pole(state, self.palette) for state in sorted(used)}

    # --- the sections
    def _summary(self) -> Section:
        own = [part.strip() for part in self.review.words.summary.splitlines() if part.strip()]
        told = [self._own(part) for part in own] or [say(text, self.lang) for text in sentences(self.review)]
        return {
            "kind": "summary",
            "title": say(_("In three sentences")),
            "sentences": [runs(part) for part in told],
        }

    def _missing(self, title: str, *texts: Text) -> Section:
        return {"kind": "missing", "title": title, "text": " ".join(say(text) for text in texts)}

    def _objectives(self) -> Section:
        review, title = self.review, say(_("Adoption against the initial objectives"))
        if not review.objectives:
            why = _(
                "No success plan is agreed yet: the first one sets the objectives that every review then shows here."
            )
            return self._missing(title, why)
        day = dates.last_day(review.as_of)
        heads = [
            say(_("Objective of %(day)s", day=full(review.plan_on, self.lang))) if review.plan_on else say(pgettext("column", "Objective")),
            say(pgettext("column", "Start")), brief(day, self.lang), say(pgettext("column", "Target")), say(pgettext("column", "For")), say(_("Way covered")), say(pgettext("column", "Pace")),
        ]  # fmt: skip
        unknown = [o.name for o in review.objectives if o.now is None]
        note = say(
            _(
                "Bar: way covered from start to target; darker grey: what steady progress would give; stroke: the target."
            )
        )
        if unknown:
            note += " " + say(
                ngettext(
                    "Not measured yet: %(names)s.",
                    "Not measured yet: %(names)s.",
                    len(unknown),
                    names=tuple(unknown),
                )
            )
        return {
            "kind": "objectives",
            "title": title,
            "heads": heads,
            "note": note,
            "rows": [self._objective(o) for o in review.objectives],
        }

    def _objective(self, o: Objective) -> dict[str, Any]:
        share = value(o.covered, "share", self.lang) if o.covered is not None else "–"
        word = _("not measured") if o.on_pace is None else _("on pace") if o.on_pace else _("below pace")
        svg = drawings.bar(o)
        return {
            "key": o.id, "what": self._own(o.name), "start": value(o.baseline, o.form, self.lang), "now": value(o.now, o.form, self.lang),
            "target": value(o.target, o.form, self.lang), "until": brief(o.until, self.lang) if o.until else "",
            "bar": drawings.on_paper(svg, self.palette) if self.palette else svg, "share": share, "word": say(word), "paced": o.on_pace,
            "alt": say(_("%(what)s: %(share)s of the way to the target", what=o.name, share=share)), "restated": f"objective:{o.id}",
        }  # fmt: skip

    def _charts(self) -> Section:
        review = self.review
        chart = drawings.active(
            review, width=420 if self.palette else 480, height=170 if self.palette else 180, written=True
        )
        if chart is None:
            return self._missing(
                say(_("Use of the platform")), _("No use of the platform was recorded up to this month.")
            )
        shown: list[dict[str, Any]] = [{
            "title": self._chart_title(), "alt": self._chart_alt(), "note": self._chart_note(), "wide": True,
            "svg": chart.svg(self.lang, self.palette) if self.palette else chart,
        }]  # fmt: skip
        svg = drawings.features(review, self.lang)
        if svg:
            shown.append({
                "title": say(_("What they used")), "alt": say(_("People by feature: %(list)s", list=drawings.features_alt(review, self.lang))), "wide": False,
                "note": say(ngettext("People of the month, one feature", "People of the month, by feature; %(n)s features used", self._used())),
                "svg": drawings.on_paper(svg, self.palette) if self.palette else svg,
            })  # fmt: skip
        return {"kind": "charts", "title": say(_("Use of the platform")), "charts": shown}

    def _used(self) -> int:
        use = self.review.use
        return (use.features if use and use.features is not None else 0) or len(self.review.features)

    def _chart_title(self) -> str:
        use = self.review.use
        if use is None or use.active is None:
            return say(_("No use recorded this month"))
        if use.licensed:
            return say(ngettext("%(n)s person active this month, of %(seats)s seats", "%(n)s people active this month, of %(seats)s seats", use.active, seats=use.licensed))  # fmt: skip
        return say(ngettext("%(n)s person active this month", "%(n)s people active this month", use.active))

    def _chart_alt(self) -> str:
        rows = ", ".join(
            f"{dates.month(m.month, self.lang)} {'–' if m.active is None else m.active}"
            for m in self.review.months
        )
        return say(_("People who used the platform, by month: %(rows)s.", rows=rows))

    def _chart_note(self) -> str:
        use = self.review.use
        parts = [_("Distinct people of the calendar month")]
        if use and use.events is not None:
            parts.append(ngettext("%(n)s event", "%(n)s events", use.events))
        return " · ".join(say(part) for part in parts)

    def _line(self) -> Section:
        title = say(_("The line of promises"))
        if not self.review.promises and not self.review.coming:
            if self.review.agreement is None:
                return self._missing(
                    title, _("Without a signed agreement, neither side has promised anything.")
                )
            return self._missing(title, _("No promise of either side fell due this month."))
        line = drawings.line(
            self.review, self.lang, width=PAPER_LINE if self.palette else 968, href=self.href
        )
        alt = "; ".join(p.said(self.lang) for p in line.rows())
        return {
            "kind": "line", "title": title, "svg": line.svg(self.lang, self.palette) if self.palette else line, "alt": f"{title}. {alt}.",
            "legend": [{"state": state.value, "word": label(state), "count": count} for state, count in line.legend()],
            "note": say(_("Each pole stands at its due date, with its number in the table; red on the ground measures the delay; violet, a date that was moved.")),
        }  # fmt: skip

    def _promises(self) -> Section | None:
        review = self.review
        if not review.promises:
            return None
        notes = [(p, p.note) for p in review.promises if p.note]
        since = [
            (p, _("since then: %(state)s", state=p.since))
            for p in review.promises
            if p.since is not None and p.since != p.state
        ]
        return {
            "kind": "promises", "title": say(_("Promises kept, on both sides")), "why_title": say(_("Why")),
            "heads": [say(_("Promise")), say(pgettext("column", "Clause")), say(pgettext("column", "Due")), say(pgettext("column", "State"))],
            "sides": [self._side(side) for side in drawings.sides()],
            "why": [runs(f"**{p.no}** {lower(say(note, self.lang))}") for p, note in sorted(notes + since, key=lambda pair: pair[0].no)],
        }  # fmt: skip

    def _side(self, side: Side) -> dict[str, Any]:
        review = self.review
        kept, judged = review.score(side)
        beside = Counter(p.state for p in review.of(side) if p.state not in JUDGED)
        said = ", ".join(f"{count} {label(state)}" for state, count in sorted(beside.items()))
        return {
            "name": self.name(side),
            "score": say(_("%(kept)s of %(judged)s", kept=kept, judged=judged)) if judged else "–",
            "says": say(ngettext("met when due", "met when due", kept))
            if judged
            else say(_("nothing was owed")),
            "beside": say(_("not counted: %(list)s", list=said)) if said else "",
            "rows": [self._row(p) for p in review.of(side)],
            "restated": f"figure:kept.{side.value}",
        }

    def _row(self, p: Promise) -> dict[str, Any]:
        word = label(p.state)
        if p.moved:
            word = say(_("%(state)s, moved", state=word))
        return {
            "no": str(p.no), "what": say(p.title, self.lang), "clause": p.clause, "due": brief(p.due, self.lang) if p.due else "",
            "state": p.state.value, "word": word, "late": p.state in LATE, "key": p.key, "href": drawings.link(self.href, p.key),
            "restated": f"promise:{p.key}",
        }  # fmt: skip

    def _failures(self) -> Section | None:
        review = self.review
        items = {side: self._failed(side) for side in drawings.sides()}
        if not review.promises and not any(items.values()):
            return None
        nothing = say(_("Nothing to report."))
        return {
            "kind": "failures", "title": say(_("What did not work")), "names": [self.name(side) for side in items],
            "items": [found or [{"head": "", "body": runs(nothing)}] for found in items.values()],
        }  # fmt: skip

    def _failed(self, side: Side) -> list[dict[str, Any]]:
        """The CSM's words first; then each promise that was late or not kept, which no word may hide."""
        words = (
            self.review.words.failed_provider if side == Side.PROVIDER else self.review.words.failed_client
        )
        found: list[dict[str, Any]] = [
            {"head": "", "body": runs(self._own(part))} for part in words.splitlines() if part.strip()
        ]
        for p in self.review.of(side):
            if p.state in (State.OVERDUE, State.MISSED, State.MET_LATE):
                found.append(
                    {"head": f"{upper(say(p.title, self.lang))} ({p.no})", "body": runs(self._how_late(p))}
                )
        return found

    def _how_late(self, p: Promise) -> str:
        if p.due is None:
            return say(p.state)
        if p.state == State.MET_LATE and p.done:
            return say(_("due on %(due)s, done on %(done)s.", due=p.due, done=p.done))
        if p.state == State.MISSED:
            return say(_("due on %(due)s, not done: its time is over.", due=p.due))
        return say(_("due on %(due)s, not done yet.", due=p.due))

    def _happened(self) -> Section | None:
        review = self.review
        meetings = [[brief(m.at, self.lang), self._meeting(m)] for m in review.meetings]
        tickets = [
            {
                "ref": t.ref, "what": self._own(t.subject) or say(_("Request")), "priority": t.priority, "opened": brief(t.opened, self.lang),
                "reply": label(t.replied) if t.replied else "–", "late": t.replied in LATE or t.replied == State.MET_LATE,
                "end": say(_("resolved on %(day)s", day=brief(t.resolved, self.lang))) if t.resolved else say(pgettext("request", "open")),
            }
            for t in review.tickets
        ]  # fmt: skip
        questions = [
            say(_("%(subject)s (asked on %(day)s)", subject=q.subject, day=q.asked)) for q in review.questions
        ]
        if not meetings and not tickets and not questions and review.agreement is None:
            return None
        return {
            "kind": "happened", "title": say(_("Meetings and requests")), "names": [say(_("Meetings")), say(_("Requests"))],
            "heads": [say(_("Request")), say(pgettext("column", "Opened")), say(_("First reply")), say(pgettext("column", "End"))],
            "meetings": meetings, "tickets": tickets, "questions": questions, "questions_title": say(_("Waiting for your answer")),
            "none": [say(_("No meeting this month.")), say(_("No request this month."))],
        }  # fmt: skip

    def _meeting(self, m: Any) -> str:
        what = say(m.what, self.lang)
        if m.happened == "no_show":
            return say(_("%(what)s: somebody did not come", what=what))
        if m.happened == "cancelled":
            return say(_("%(what)s: cancelled", what=what))
        aside = [f"{m.minutes} min"] if m.minutes else []
        aside += [", ".join(m.people)] if m.people else []
        return what + (f" ({'; '.join(aside)})" if aside else "")

    def _decisions(self) -> Section | None:
        words = self.review.words
        items = [runs(self._own(item)) for item in words.decisions]
        topics = [runs(self._own(part)) for part in words.topics.splitlines() if part.strip()]
        if not items and not topics:
            return None
        title = (
            say(_("Decisions of %(day)s", day=dates.date_short(words.held_at, self.lang)))
            if words.held_at
            else say(_("Decisions"))
        )
        return {
            "kind": "decisions",
            "title": title,
            "items": items,
            "topics": topics,
            "topics_title": say(_("Open topics")),
            "lang": words.language,
        }

    def _commitments(self) -> Section:
        name = dates.month_name(self.last + timedelta(days=1), self.lang)
        said = (
            pgettext("before a vowel", "Commitments until the review of %(month)s", month=name)
            if elides(name)
            else _("Commitments until the review of %(month)s", month=name)
        )
        items = [self._promised(side) for side in drawings.sides()]
        return {
            "kind": "commitments", "title": say(said), "names": [self.name(side) for side in drawings.sides()],
            "heads": [say(_("Commitment")), say(pgettext("column", "Owner")), say(pgettext("column", "By")), say(pgettext("column", "Obj."))],
            "items": items, "none": say(_("Nothing falls due.")), "next_title": say(_("Next appointment")),
            "next": self._next(),
        }  # fmt: skip

    def _next(self) -> str:
        review = self.review
        if review.next_appointment is None:
            return say(_("to be agreed"))
        when = f"{dates.day_long(review.next_appointment, self.lang)}, {dates.clock(review.next_appointment, self.lang)}"
        return f"{say(review.next_what, self.lang)}, {when}" if review.next_what else when

    def _promised(self, side: Side) -> list[dict[str, Any]]:
        """What was agreed at the review, then what the agreement makes fall due."""
        agreed = [
            (a.due or date.max, {
                "what": self._own(a.what), "owner": a.owner, "due": brief(a.due, self.lang) if a.due else "", "serves": a.objective,
            })
            for a in self.review.words.actions
            if a.side == side
        ]  # fmt: skip
        owed = [
            (
                c.due,
                {
                    "what": say(c.title, self.lang),
                    "owner": "",
                    "due": brief(c.due, self.lang),
                    "serves": c.clause,
                },
            )
            for c in self.review.coming
            if c.side == side
        ]
        return [row for _due, row in sorted([*agreed, *owed], key=lambda pair: pair[0])]

    def name(self, side: Side) -> str:
        """The company of a side."""
        named = self.review.provider if side == Side.PROVIDER else self.review.client
        return named or say(_("Provider"))

    def _own(self, text: str) -> str:
        """Words that somebody typed, set as their language is set."""
        return typeset(text.strip(), self.review.words.language)
