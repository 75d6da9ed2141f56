"""Bring clients, contacts and contracts in from a file: try it, take it, watch it, read its report."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from jalon.accounts.access import may_import
from jalon.ledger.importing import runs
from jalon.ledger.importing.reading import LARGEST, Unreadable, header
from jalon.ledger.importing.words import result_word
from jalon.ledger.models import ImportRun
from jalon.wording import say
from jalon.workspace.guard import staff_only, who

KINDS: dict[str, Any] = {"clients": _("Clients"), "contacts": _("Contacts"), "contracts": _("Contracts")}
SHOWN = 20
"""Past imports on the page."""
LINES = 500
"""Lines of a report on a page; refused ones come first."""


class ImportForm(forms.Form):
    """What the file holds, the file, and whether it is only tried."""

    kind = forms.ChoiceField(label=_("What the file holds"))
    file = forms.FileField(
        label=_("CSV file"), widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv"})
    )
    dry_run = forms.BooleanField(
        label=_("Only try: say what would be done, and write nothing"), required=False, initial=True
    )

    def __init__(self, *args: Any, kinds: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind, KINDS[kind]) for kind in kinds]  # type: ignore[attr-defined]

    def clean_file(self) -> Any:
        """Refuse what is larger than any list of clients, before it is read."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(_("The file is too large: split it in parts."))
        return file


@require_http_methods(["GET", "POST"])
@staff_only
def imports(request: HttpRequest) -> HttpResponse:
    """GET: the form and the past imports. POST: begin one and go and watch it."""
    person = who(request)
    kinds = [kind for kind in KINDS if may_import(person, kind)]
    form = ImportForm(request.POST or None, request.FILES or None, kinds=kinds) if kinds else None
    if request.method == "POST":
        if form is None:
            raise Http404
        if form.is_valid() and (begun := _begin(request, form)):
            return redirect("workspace:import-run", begun.pk)
    columns = [(KINDS[kind], *_columns(kind)) for kind in kinds]
    past = [
        (run, KINDS.get(run.kind, run.kind)) for run in ImportRun.objects.defer("content", "report")[:SHOWN]
    ]
    context = {"form": form, "columns": columns, "past": past, "here": "imports"}
    return render(request, "workspace/imports.html", context, status=422 if request.method == "POST" else 200)


def _columns(kind: str) -> tuple[list[str], list[str]]:
    """The headers of a kind of file in the reader's language: all of them, and those that must be there."""
    known, needed = runs.IMPORTERS[kind].columns, runs.IMPORTERS[kind].needed
    return [say(header(names)) for names in known.values()], [say(header(known[one[0]])) for one in needed]


def _begin(request: HttpRequest, form: ImportForm) -> ImportRun | None:
    file = form.cleaned_data["file"]
    try:
        begun = runs.begin(
            kind=form.cleaned_data["kind"], filename=file.name, content=file.read(), by=who(request).ref,
            now=request.now, dry_run=form.cleaned_data["dry_run"],  # type: ignore[attr-defined]
        )  # fmt: skip
    except Unreadable as error:
        form.add_error("file", say(error.said))
        return None
    runs.start(begun)
    return begun


@require_safe
@staff_only
def import_run(request: HttpRequest, number: int) -> HttpResponse:
    """One import: its progress, looked at each second until it is done, then its report."""
    run = get_object_or_404(ImportRun.objects.defer("content"), pk=number)
    order = {"refused": 0, "created": 1, "updated": 2, "unchanged": 3}
    report = sorted(runs.report_of(run), key=lambda entry: (order[entry[1]], entry[0]))
    lines = [
        (line, result, result_word(result), subject, [say(text) for text in said])
        for line, result, subject, said in report[:LINES]
    ]
    counts = [
        (getattr(run, result), result_word(result, getattr(run, result)), result)
        for result in ("created", "updated", "unchanged", "refused")
    ]
    context = {
        "run": run, "kind": KINDS.get(run.kind, run.kind), "lines": lines, "counts": counts,
        "more": max(len(report) - LINES, 0), "here": "imports",
    }  # fmt: skip
    template = (
        "workspace/parts/import_run.html"
        if request.headers.get("HX-Request")
        else "workspace/import_run.html"
    )
    return render(request, template, context)
