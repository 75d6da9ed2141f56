"""The ledger's page in the portal: its signed checkpoint, the archive, and what the browser needs to check it by itself."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jalon.accounts.models import Account
from jalon.core.obligations import Side
from jalon.ledger.proof import checkpoints, exporting, merkle, notes
from jalon.portal.doors import for_contact, present, who
from jalon.portal.home import provider_name


@for_contact
@require_safe
def ledger(request: HttpRequest, account: Account) -> HttpResponse:
    """GET: what the client keeps as a witness, and the check in its own browser."""
    context = {
        "account": account,
        "person": who(request),
        "provider_name": provider_name(account),
        "here": "timeline",
    }
    try:
        signed = checkpoints.sign(account, present(request))
    except checkpoints.NotSigned as error:
        return render(request, "portal/ledger.html", context | {"refused": error.said})
    said = notes.parse(signed.note)
    return render(request, "portal/ledger.html", context | {
        "signed": signed, "log": said.origin, "key": checkpoints.signer().verifier, "root": said.root.hex(),
    })  # fmt: skip


@for_contact
@require_safe
def checkpoint(request: HttpRequest, account: Account) -> HttpResponse:
    """GET: the signed note as text; with `?old=N`, also the proof that the first N facts are still the same (JSON).

    400 for an N that is no size of this ledger; 409 when the ledger does not continue what was signed.
    """
    try:
        signed = checkpoints.sign(account, present(request))
    except checkpoints.NotSigned:
        return HttpResponse(_("The ledger does not continue what was signed: nothing is signed."), status=409)
    if "old" not in request.GET:
        answer = HttpResponse(signed.note, content_type="text/plain; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="checkpoint-{account.ref}-{signed.size}.txt"'
        return answer
    old = request.GET["old"]
    if not old.isdecimal() or int(old) > signed.size:
        return HttpResponseBadRequest(_("“old” is a number of facts, at most %(n)s.") % {"n": signed.size})
    leaves = checkpoints.leaf_hashes(account)[: signed.size]
    proof = [digest.hex() for digest in merkle.consistency_proof(leaves, int(old))]
    return JsonResponse({"note": signed.note, "old": int(old), "proof": proof})


@for_contact
@require_safe
def leaves(request: HttpRequest, account: Account) -> HttpResponse:
    """GET: one line of JSON a fact, up to `?size=N`: its bytes where the client sees it, its hash alone where it does not."""
    size = request.GET.get("size", "")
    if not size.isdecimal():
        return HttpResponseBadRequest(_("“size” is a number of facts."))
    lines = exporting.leaves(account, Side.CLIENT, int(size))
    return HttpResponse(
        "".join(f"{line}\n" for line in lines), content_type="application/x-ndjson; charset=utf-8"
    )


@for_contact
@require_safe
def archive(request: HttpRequest, account: Account) -> HttpResponse:
    """GET: the ledger as a ZIP that is checked offline."""
    try:
        content = exporting.archive(account, Side.CLIENT, present(request))
    except checkpoints.NotSigned:
        return HttpResponse(_("The ledger does not continue what was signed: nothing is signed."), status=409)
    answer = HttpResponse(content, content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="ledger-{account.ref}.zip"'
    return answer
