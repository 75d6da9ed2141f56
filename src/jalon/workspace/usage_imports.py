"""Bring product usage in from a file: try it, take it, watch it, read its report, name the clients that it calls otherwise."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jalon.accounts.access import may_import
from jalon.accounts.models import Account
from jalon.ledger.importing.reading import Unreadable
from jalon.usage import metrics, projection, runs, words
from jalon.usage.importing import Options
from jalon.usage.models import UsageClientName, UsageImport, UsageRefusal
from jalon.wording import say, unpack
from jalon.workspace.guard import present, staff_only, who

SHOWN = 20
"""Past imports on the page."""
NAMES = 100
"""Names without a client on a page; those with most events first."""
LINES = 200
"""Refused rows of a report on a page; the file that is offered has them all."""
CELL = 300
"""Letters of a refused row on a page."""


class UsageForm(forms.Form):
    """The file, the product that it comes from, and how it is taken."""

    source = forms.CharField(
        label=_("Product or system"), max_length=80, help_text=_("The same name each time: an event that comes twice from it counts once.")
    )  # fmt: skip
    file = forms.FileField(
        label=_("File of events"), help_text=_("CSV, JSON lines (also Segment’s) or Parquet, plain or compressed (.gz).")
    )  # fmt: skip
    occurred = forms.BooleanField(
        label=_("Events without a time of reception were known when they happened; otherwise, from today"), required=False
    )  # fmt: skip
    create_clients = forms.BooleanField(label=_("Make the clients that are not there yet"), required=False)
    dry_run = forms.BooleanField(
        label=_("Only try: say what would be done, and write nothing"), required=False, initial=True
    )

    def clean_file(self) -> Any:
        """Refuse what a page is not the way for."""
        file = self.cleaned_data["file"]
        if file.size > runs.LARGEST:
            raise forms.ValidationError(
                _("The file is too large for a page: use the command “jalon usage import”.")
            )
        return file


@require_http_methods(["GET", "POST"])
@staff_only
def usage_imports(request: HttpRequest) -> HttpResponse:
    """GET: the form, the past imports and the names without a client. POST: begin an import and go and watch it."""
    allowed = may_import(who(request), "usage")
    form = UsageForm(request.POST or None, request.FILES or None) if allowed else None
    if request.method == "POST":
        if form is None:
            raise Http404
        if form.is_valid() and (begun := _begin(request, form)):
            return redirect("workspace:usage-import", begun.pk)
    nobody = metrics.unmatched()
    named = [one for one in nobody if one[1]]
    context = {
        "form": form, "here": "imports",
        "past": [(run, sum(run.refused.values())) for run in UsageImport.objects.order_by("-pk")[:SHOWN]],
        "names": named[:NAMES], "more": max(len(named) - NAMES, 0), "nameless": sum(n for _s, name, n in nobody if not name),
        "clients": Account.objects.order_by("name").values_list("ref", "name") if named and form else (),
    }  # fmt: skip
    return render(
        request, "workspace/usage_imports.html", context, status=422 if request.method == "POST" else 200
    )


def _begin(request: HttpRequest, form: UsageForm) -> UsageImport | None:
    given = form.cleaned_data
    options = Options(
        given["source"].strip(), create_clients=given["create_clients"], dry_run=given["dry_run"],
        received_at="occurred" if given["occurred"] else "import",
    )  # fmt: skip
    try:
        begun = runs.begin(given["file"], options, by=who(request).ref, now=present(request))
    except Unreadable as error:
        form.add_error("file", say(error.said))
        return None
    runs.start(begun)
    return begun


@require_POST
@staff_only
def name_client(request: HttpRequest) -> HttpResponse:
    """Write down which client a source means by a name; its events are that client's from now on."""
    if not may_import(who(request), "usage"):
        raise Http404
    row = get_object_or_404(
        UsageClientName.objects.select_related("account"), source=request.POST.get("source", ""), name=request.POST.get("name", "")
    )  # fmt: skip
    given = request.POST.get("client", "").strip()
    account = Account.objects.filter(ref=given).first() or Account.objects.filter(name=given).first()
    if account is None:
        messages.error(request, gettext("There is no client “%(ref)s”.") % {"ref": given})
    else:
        projection.give(row, account)
        messages.success(
            request, gettext("“%(name)s” is %(client)s.") % {"name": row.name, "client": account.name}
        )
    return redirect("workspace:usage-imports")


@require_safe
@staff_only
def usage_import(request: HttpRequest, number: int) -> HttpResponse:
    """One import: its progress, looked at each second until it is done, then its report."""
    run = get_object_or_404(UsageImport, pk=number)
    counts = [
        (pgettext("lines", "Lines"), run.rows), (pgettext("lines", "Added"), run.added), (pgettext("lines", "There already"), run.duplicates),
        (pgettext("lines", "Refused"), sum(run.refused.values())), (pgettext("lines", "Of no client"), sum(run.unmatched.values())),
        (gettext("Clients made"), run.created),
    ]  # fmt: skip
    rows = UsageRefusal.objects.filter(batch=run).order_by("line")
    context = {
        "run": run, "ended": run.state in ("done", "failed"), "counts": counts, "here": "imports",
        "tried": bool(run.options.get("dry_run")),
        "problem": say(unpack(run.problem)) if run.problem else "",
        "unclear": [say(unpack(text)) for text in run.unclear],
        "reasons": [(say(words.reason(code)), n) for code, n in sorted(run.refused.items(), key=lambda one: -one[1])],
        "refused": [(row.line, say(words.reason(row.reason)), _short(row.content)) for row in rows[:LINES]],
        "kept": rows.count(), "shown": LINES,
        "names": sorted(((name, n) for name, n in run.unmatched.items() if name), key=lambda one: (-one[1], one[0]))[:NAMES],
        "nameless": run.unmatched.get("", 0),
    }  # fmt: skip
    part = "workspace/parts/usage_import.html"
    return render(
        request, part if request.headers.get("HX-Request") else "workspace/usage_import.html", context
    )


def _short(content: dict[str, Any]) -> str:
    said = str(content["text"]) if set(content) == {"text"} else json.dumps(content, ensure_ascii=False)
    return said if len(said) <= CELL else f"{said[:CELL]}…"


@require_safe
@staff_only
def refused(request: HttpRequest, number: int) -> StreamingHttpResponse:
    """The refused rows of an import, whole, as JSON lines."""
    run = get_object_or_404(UsageImport, pk=number)

    def lines() -> Iterator[str]:
        for row in UsageRefusal.objects.filter(batch=run).order_by("line").iterator():
            said = {"line": row.line, "reason": say(words.reason(row.reason)), "content": row.content}
            yield json.dumps(said, ensure_ascii=False) + "\n"

    return StreamingHttpResponse(
        lines(), content_type="application/x-ndjson; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="jalon-usage-{run.pk}-refused.ndjson"'},
    )  # fmt: skip
