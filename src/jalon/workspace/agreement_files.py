"""Agreement files on the page: check one, compare two. Nothing is kept: a file becomes a version by being put in its folder."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from jalon.accounts import agreements
from jalon.core.agreement import diffing
from jalon.core.agreement.linting import lint
from jalon.core.agreement.loading import AgreementError, parse
from jalon.core.agreement.model import Agreement
from jalon.core.agreement.problems import Problem
from jalon.wording import say
from jalon.wording.spelling import spelled
from jalon.workspace.guard import staff_only

LARGEST = 1_000_000  # bytes: forty times the largest agreement that comes with Jalon


class OneFile(forms.Form):
    """An installed version, a file, or text: the text wins over the file, the file over the version."""

    version = forms.ChoiceField(label=_("Installed version"), required=False)
    file = forms.FileField(
        label=_("File"), required=False, widget=forms.ClearableFileInput(attrs={"accept": ".yaml,.yml"})
    )
    text = forms.CharField(
        label=_("Or its text"), required=False, max_length=LARGEST, strip=False, widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"})
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(f"{name}/{version}", f"{name} {version}") for name, version in agreements.versions()]
        self.fields["version"].choices = [("", "–"), *known]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The text that is meant, as `given`."""
        found = super().clean() or {}
        found["given"] = self._given(found)
        if not found["given"] and not self.errors:
            raise forms.ValidationError(_("Choose a version, or give a file or its text."))
        return found

    def _given(self, found: dict[str, Any]) -> str:
        if (found.get("text") or "").strip():
            return str(found["text"]).replace("\r\n", "\n")
        if upload := found.get("file"):
            if upload.size > LARGEST:
                raise forms.ValidationError(_("This file is larger than an agreement can be."))
            try:
                return str(upload.read().decode("utf-8"))
            except UnicodeDecodeError:
                raise forms.ValidationError(_("This file is not in UTF-8.")) from None
        if version := found.get("version"):
            return agreements.path_of(*version.split("/")).read_text(encoding="utf-8")
        return ""


class TwoFiles(OneFile):
    """The version before, then the new one."""

    before = forms.ChoiceField(label=_("The version before"))
    field_order = ("before", "version", "file", "text")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["before"].choices = self.fields["version"].choices[1:]  # type: ignore[attr-defined]
        self.fields["version"].label = _("The new version")


@require_http_methods(["GET", "POST"])
@staff_only
def check(request: HttpRequest) -> HttpResponse:
    """GET: the form. POST: every problem of the file, with its line as it is written."""
    form = OneFile(*_posted(request))
    context: dict[str, Any] = {"form": form, "here": "agreement"}
    if form.is_bound and form.is_valid():
        text = form.cleaned_data["given"]
        problems = lint(text, source=_source_of(form.cleaned_data), spelled=spelled)
        lines = text.split("\n")
        context |= {
            "checked": True, "problems": [(one, _written(lines, one)) for one in problems],
            "errors": sum(one.severity == "error" for one in problems),
        }  # fmt: skip
    return render(request, "workspace/agreement_check.html", context, status=422 if form.errors else 200)


def _posted(request: HttpRequest) -> tuple[Any, Any]:
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def _source_of(given: dict[str, Any]) -> str | None:
    """The signed text beside an installed version; None for a file or a text, which come alone."""
    if given.get("text") or given.get("file") or not given.get("version"):
        return None
    file = agreements.path_of(*given["version"].split("/"))
    try:
        beside = file.parent / parse(file.read_text(encoding="utf-8")).source_file
    except AgreementError:
        return None
    return beside.read_text(encoding="utf-8") if beside.is_file() else None


def _written(lines: list[str], problem: Problem) -> str:
    """The line as it is written, around the fault."""
    line = lines[problem.line - 1] if 0 < problem.line <= len(lines) else ""
    start = max(0, problem.column - 1 - 30)
    return ("…" if start else "") + line[start : start + 90].strip() + ("…" if len(line) > start + 90 else "")


@require_http_methods(["GET", "POST"])
@staff_only
def compare(request: HttpRequest) -> HttpResponse:
    """GET: the form. POST: what changes from the one to the other, for whom, and the number that it calls for."""
    form = TwoFiles(*_posted(request))
    context: dict[str, Any] = {"form": form, "here": "agreement", "rule": diffing.RULE}
    if form.is_bound and form.is_valid():
        before = agreements.load(*form.cleaned_data["before"].split("/"))
        after = _parsed(form)
        if after is not None:
            found = diffing.diff(before, after)
            context |= {"found": found, "after": after}
    return render(request, "workspace/agreement_compare.html", context, status=422 if form.errors else 200)


def _parsed(form: TwoFiles) -> Agreement | None:
    try:
        return parse(form.cleaned_data["given"])
    except AgreementError as error:
        first = error.problems[0]
        lang = translation.get_language() or "fr"
        form.add_error(
            None,
            _("Line %(line)s: %(said)s Check the file first.")
            % {"line": first.line, "said": say(first.said, lang)},
        )
        return None
