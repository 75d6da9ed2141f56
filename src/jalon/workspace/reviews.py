"""Monthly reviews: the list, the editor with the document beside it, the files, and sending."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_http_methods

from jalon.accounts import agreements
from jalon.accounts.access import access_account
from jalon.accounts.models import Account, Staff
from jalon.core.obligations import State
from jalon.documents import reviews as life
from jalon.documents.forms import WordsForm, action_set, actions_of
from jalon.documents.models import Review, SentReview
from jalon.documents.shown import page
from jalon.ledger.book import Refusal
from jalon.ledger.models import ProjectedObligation
from jalon.notices import telling
from jalon.wording import say
from jalon.workspace.guard import staff_only, who
from jalon.workspace.work import is_review, why_address

A_PAGE = 50


@dataclass(frozen=True)
class ToWrite:
    """A review that is not sent: of which client, and whether a draft was begun."""

    account: Account
    month: date
    begun: bool

    @property
    def href(self) -> str:
        """Its editor."""
        return reverse("workspace:review", args=[self.account.ref, f"{self.month:%Y-%m}"])


@require_GET
@staff_only
def reviews(request: HttpRequest) -> HttpResponse:
    """What is to be written for the month that is due, then what was sent, the latest first. Three queries and a page."""
    now: datetime = request.now  # type: ignore[attr-defined]
    month = life.month_of(settings.TIME_ZONE, now)
    drafts = list(Review.objects.filter(sent=None).select_related("account"))
    done = set(Review.objects.filter(month=month).exclude(sent=None).values_list("account_id", flat=True))
    begun = {(one.account_id, one.month) for one in drafts}
    rows = [ToWrite(one.account, one.month, True) for one in drafts]
    rows += [
        ToWrite(one, month, False)
        for one in _owed(month)
        if (one.pk, month) not in begun and one.pk not in done
    ]
    found = Paginator(SentReview.objects.select_related("review__account"), A_PAGE).get_page(
        request.GET.get("page")
    )
    context = {"here": "reviews", "month": month, "to_write": rows, "page": found}
    return render(request, "documents/list.html", context)


def _owed(month: date) -> QuerySet[Account]:
    """The clients whose level owes them a review of that month, by the norms of the agreements they signed."""
    signed = (
        Account.objects.exclude(agreement="")
        .values_list("agreement", "agreement_version")
        .distinct()
        .order_by()
    )
    norms = {
        norm.id
        for name, version in signed
        for norm in agreements.load(name, version).norms.values()
        if is_review(norm)
    }
    owed = ProjectedObligation.objects.filter(norm__in=norms, occurrence=f"{month:%Y-%m}").exclude(
        state=State.CANCELLED
    )
    return Account.objects.filter(pk__in=owed.values("account_id"))


@require_http_methods(["GET", "POST"])
@staff_only
def review(request: HttpRequest, ref: str, month: str) -> HttpResponse:
    """The editor of a month's review, or what was sent. POST keeps the words; `do=send` sends."""
    now: datetime = request.now  # type: ignore[attr-defined]
    account = access_account(request.user, ref)
    first = _month(month)
    kept = _kept(account, first)
    if request.method == "POST":
        return _written(request, kept or life.draft(account, first, who(request), now), now)
    if kept is None:
        # Looking is not writing: the draft is kept at its first change.
        kept = life.unsaved(account, first, who(request), now)
    words = life.words_of(kept)
    return _shown(request, kept, now, WordsForm(account, words), action_set(words))


def _month(written: str) -> date:
    try:
        return date.fromisoformat(f"{written}-01")
    except ValueError:
        raise Http404("No such month.") from None


def _kept(account: Account, month: date) -> Review | None:
    return (
        Review.objects.select_related("account", "sent")
        .filter(account=account, kind="monthly", month=month)
        .first()
    )


def _shown(
    request: HttpRequest, review: Review, now: datetime, form: WordsForm, actions: Any, status: int = 200
) -> HttpResponse:
    account, lang = review.account, (get_language() or "fr")[:2]
    month = f"{review.month:%Y-%m}"
    context: dict[str, Any] = {
        "here": "reviews", "account": account, "form": form, "actions": actions, "here_url": reverse("workspace:review", args=[account.ref, month]),
        "pdfs": [(code, reverse("workspace:review-pdf", args=[account.ref, month, code])) for code in life.LANGUAGES],
        **page(review, lang, now, href=_whys(account)),
    }  # fmt: skip
    if review.is_sent:
        staff = Staff.objects.filter(ref=review.sent.sent_by).first()
        context["sent_by"] = staff.name if staff else review.sent.sent_by
    return render(request, "documents/editor.html", context, status=status)


def _whys(account: Account) -> str:
    """The address of a promise's why, with %s for its key; empty where that page is not there."""
    address = why_address(account.ref, "KEY")
    return address.replace("%", "%%").replace("KEY", "%s") if address else ""


def _written(request: HttpRequest, review: Review, now: datetime) -> HttpResponse:
    """Keep the words; then refresh the document (htmx), send, or come back to the page."""
    account, words = review.account, life.words_of(review)
    form, actions = WordsForm(account, words, request.POST), action_set(words, request.POST)
    if not form.is_valid() or not actions.is_valid():
        return _shown(request, review, now, form, actions, status=400)
    do = request.POST.get("do", "")
    try:
        life.write(review, form.said(actions_of(actions)), now)
        if do == "send":
            # The review and the mails that tell of it are written together; the worker sends them afterwards.
            with transaction.atomic():
                life.send(review, who(request), now)
                telling.review_sent(account, review.month, by=who(request).ref, now=now)
            messages.success(request, say(life.SENT))
    except (life.NotSendable, Refusal) as refused:
        name = refused.field if refused.field in form.fields else None
        form.add_error(name, say(refused.said))
        return _shown(request, review, now, form, actions, status=400)
    if do != "send" and getattr(request, "htmx", False):
        lang = (get_language() or "fr")[:2]
        return render(request, "documents/document.html", page(review, lang, now, href=_whys(account)))
    return redirect("workspace:review", ref=account.ref, month=f"{review.month:%Y-%m}")


@require_GET
@staff_only
def pdf(request: HttpRequest, ref: str, month: str, lang: str) -> HttpResponse:
    """The file: as it was sent, else as it would be sent now."""
    now: datetime = request.now  # type: ignore[attr-defined]
    if lang not in life.LANGUAGES:
        raise Http404("No such language.")
    account = access_account(request.user, ref)
    kept = _kept(account, _month(month)) or life.unsaved(account, _month(month), who(request), now)
    return pdf_response(kept, lang, now)


def pdf_response(review: Review, lang: str, now: datetime) -> HttpResponse:
    """A PDF with its name, and its hash where it was sent."""
    response = HttpResponse(life.pdf_of(review, lang, now), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{life.file_name(review, lang)}"'
    if review.is_sent:
        response["ETag"] = f'"{review.sent.sha256[lang]}"'
    return response
