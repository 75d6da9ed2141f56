"""Tags that draw in templates; loaded in all of them."""

from __future__ import annotations

from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy

from jalon.figures import poles, small
from jalon.figures.chart import ChartSpec
from jalon.wording import numbers, say

register = template.Library()


@register.simple_tag
def pole(state: str, size: str = "short", said: bool = False, extra: str = "") -> SafeString:
    """{% pole obligation.state %}: the small pole of a state. Write the state's word beside it, or pass said=True."""
    return SafeString(poles.pole(state, size=size, said=said, extra=extra)) if state else SafeString("")


@register.simple_tag
def pole_symbols() -> SafeString:
    """The poles that every drawing of the page refers to; base.html has it."""
    return mark_safe(
        f'<svg class="sprite" width="0" height="0" aria-hidden="true"><defs>{poles.symbols()}</defs></svg>'
    )


@register.simple_tag
def icon(name: str, size: int = 16) -> SafeString:
    """{% icon "plus" %}: an icon of the sprite, mute to screen readers."""
    return format_html(
        '<svg class="icon" width="{}" height="{}" aria-hidden="true"><use href="{}#i-{}"/></svg>',
        size, size, static("jalon/icons/sprite.svg"), name,
    )  # fmt: skip


@register.simple_tag
def figure(drawing: Any, **options: Any) -> SafeString:
    """{% figure line %}: a drawing that has .svg(lang); its words come from the drawing, already escaped."""
    return SafeString(drawing.svg((get_language() or "fr")[:2], **options))


@register.inclusion_tag("jalon/parts/chart_table.html")
def chart_table(chart: ChartSpec) -> dict[str, Any]:
    """{% chart_table chart %}: the figures of a chart as a folded table."""
    lang = (get_language() or "fr")[:2]
    heads, rows = chart.table(lang)
    return {"title": say(chart.title, lang), "heads": heads, "rows": rows}


@register.simple_tag
def spark(values: Any) -> SafeString:
    """{% spark values %}: a trend in a cell."""
    return SafeString(small.spark(values))


@register.simple_tag
def shortfalls(our_kept: int, our_judged: int, their_kept: int, their_judged: int) -> SafeString:
    """{% shortfalls a b c d %}: what each side did not keep, from one axis."""
    return small.shortfalls((our_kept, our_judged), (their_kept, their_judged))


@register.simple_tag
def units(counts: Any, label: str) -> SafeString:
    """{% units counts label %}: one small pole a client; counts by state."""
    return small.units(counts, label=label)


@register.simple_tag
def kept_share(kept: int, judged: int) -> str:
    """{% kept_share 9 10 %}: 90 %; a dash while nothing was judged; never rounded up to everything."""
    if not judged:
        return "–"
    whole = 100 * kept // judged if kept != judged else 100
    return numbers.share(whole / 100, (get_language() or "fr")[:2])


@register.filter
def value_words(value: Any) -> str:
    """A parameter's value as people read it: P10BD as ten business days, a table of priorities on one line, a list with commas."""
    from jalon.core.timekeeping.terms import Term
    from jalon.wording import say

    if isinstance(value, dict):
        return ", ".join(f"{name} {value_words(part)}" for name, part in value.items() if part is not None)
    if isinstance(value, (list, tuple)):
        return ", ".join(value_words(part) for part in value)
    if isinstance(value, str) and value[:1] == "P" and value[1:2].isalnum():
        try:
            return say(Term.parse(value))
        except ValueError:
            return value
    if isinstance(value, (bool, int)):
        return say(value)
    return (
        str(CHOICES[value]) if isinstance(value, str) and value in CHOICES else str(value).replace("_", " ")
    )


# Choices that an agreement writes as one word, in the reader's words.
CHOICES = {
    "next_working_day": gettext_lazy("next business day"),
    "no_roll": gettext_lazy("not put off"),
    "absolute_time": gettext_lazy("real time"),
    "lateness_only": gettext_lazy("the lateness only"),
    "whole_wait": gettext_lazy("the whole wait"),
    "actions": pgettext_lazy("choice", "actions"),
    "adoption": pgettext_lazy("choice", "adoption"),
    "objectives": pgettext_lazy("choice", "objectives"),
    "adoption_progress": pgettext_lazy("choice", "progress of adoption"),
    "use_cases": pgettext_lazy("choice", "use cases"),
    "new_use_cases": pgettext_lazy("choice", "new use cases"),
    "accrued": pgettext_lazy("choice", "accrued"),
    "aggregate_first_claim": pgettext_lazy("choice", "in total, from the first claim"),
    "aggregate_rolling": pgettext_lazy("choice", "in total, over a rolling period"),
    "per_claim": pgettext_lazy("choice", "for each claim"),
    "any": pgettext_lazy("choice", "any"),
    "client_at_opening_then_agreed": pgettext_lazy("choice", "the client at opening, then both"),
    "cs_lead": pgettext_lazy("choice", "head of customer success"),
    "executive": pgettext_lazy("choice", "executive"),
    "csm": pgettext_lazy("choice", "CSM"),
    "deemed_approved": pgettext_lazy("choice", "approval"),
    "designated": pgettext_lazy("choice", "the one designated"),
    "due_first": pgettext_lazy("choice", "the first due"),
    "most_interest": pgettext_lazy("choice", "the one that costs most"),
    "oldest": pgettext_lazy("choice", "the oldest"),
    "prorata": pgettext_lazy("choice", "in proportion"),
    "discovery": pgettext_lazy("choice", "its discovery"),
    "event": pgettext_lazy("choice", "the event"),
    "notice": pgettext_lazy("choice", "its notice"),
    "dol": pgettext_lazy("choice", "fraud"),
    "faute_lourde": pgettext_lazy("choice", "gross negligence"),
    "personal_injury": pgettext_lazy("choice", "personal injury"),
    "ecb_reference_on_payment_date": pgettext_lazy("choice", "ECB reference rate on the day of payment"),
    "ecb_refi_plus_10": pgettext_lazy("choice", "ECB refinancing rate plus 10 points"),
    "excluded": pgettext_lazy("choice", "excluded"),
    "interest": pgettext_lazy("choice", "interest"),
    "indemnity": pgettext_lazy("choice", "indemnity"),
    "principal": pgettext_lazy("choice", "principal"),
    "kickoff.held": pgettext_lazy("choice", "the kick-off"),
    "net_if_before_D": pgettext_lazy("choice", "deducted if before the claim"),
    "paid": pgettext_lazy("choice", "paid"),
    "payable": pgettext_lazy("choice", "payable"),
    "reduces_by_prejudice": pgettext_lazy("choice", "reduced by the harm that it does"),
    "services_giving_rise": pgettext_lazy("choice", "the services from which the claim arose"),
}
