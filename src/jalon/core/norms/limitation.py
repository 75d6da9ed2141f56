"""Limits of liability (5.1, 5.2, 6.3): they owe nothing; each says, of each claim, what it leaves and why it may not apply."""

from __future__ import annotations

from collections.abc import Iterator

from jalon.core.agreement.model import Norm
from jalon.core.money import cap as caps
from jalon.core.money import claims
from jalon.core.money.choices import words
from jalon.core.norms.world import World
from jalon.core.obligations import Limit, ParameterUse
from jalon.core.text import Text, _


def limits(world: World, norm: Norm) -> Iterator[Limit]:
    """What the norm says of each claim that has been filed; nothing where none has."""
    spec = norm.spec or {}
    try:
        if "computes" in spec:
            yield from (_cap(world, norm, one) for one in claims.claims(world))
        elif "excludes_heads" in spec:
            yield from (_heads(world, norm, one) for one in claims.claims(world))
        elif "reduces_to_the_extent_of" in spec:
            yield from (_share(world, norm, one) for one in claims.indemnities(world))
    except caps.NoCap:
        return


def can_run(norm: Norm) -> bool:
    """Whether the shape of a limitation is known here."""
    return bool({"computes", "excludes_heads", "reduces_to_the_extent_of"} & (norm.spec or {}).keys())


def _cap(world: World, norm: Norm, claim: claims.Claim) -> Limit:
    return Limit(
        key=f"{norm.id}:{claim.ref}", norm=norm.id, clause=norm.clause, title=_title(norm, claim.ref), claim=claim.fact,
        applies=claim.cap.applies, said=claim.cap.summary, amount=claim.left, before=claim.amount, after=claim.owed,
        reasons=(*claim.reasons, *claim.cap.warnings), window=(claim.cap.first, claim.cap.last),
        inputs=tuple(fact for entry in claim.cap.entries for fact in (entry.fact,)), parameters=claim.cap.reading,
    )  # fmt: skip


def _heads(world: World, norm: Norm, claim: claims.Claim) -> Limit:
    if not claim.excluded:
        said = _("No head of damage of this claim is excluded.")
    elif len(claim.excluded) == len(claim.heads):
        said = _("Every head of damage of this claim is excluded: %(heads)s.", heads=words(claim.excluded))
    else:
        said = _("Excluded from this claim: %(heads)s.", heads=words(claim.excluded))
    return Limit(
        key=f"{norm.id}:{claim.ref}", norm=norm.id, clause=norm.clause, title=_title(norm, claim.ref), claim=claim.fact,
        applies=claim.cap.applies and bool(claim.excluded), said=said, before=claim.amount, after=claim.owed,
        reasons=claim.reasons, inputs=_qualified(claim.qualification), parameters=_set_aside(world, norm, claim.cap),
    )  # fmt: skip


def _set_aside(world: World, norm: Norm, cap: caps.Cap) -> tuple[ParameterUse, ...]:
    written = (norm.spec or {}).get("not_applied_if")
    return (world.parameter(written, cap.arose_on),) if written else ()


def _share(world: World, norm: Norm, one: claims.Indemnity) -> Limit:
    share, agreed = one.qualification.client_share, one.qualification.agreed
    if not one.qualification.fact or not share:
        said = _("Nobody has decided that a share of this claim falls to the client.")
    elif not agreed:
        said = _(
            "A share of %(share)s percent is stated by one side only: it takes nothing off yet.", share=share
        )
    else:
        said = _(
            "%(share)s percent of this claim falls to the client, and is taken off the indemnity.",
            share=share,
        )
    return Limit(
        key=f"{norm.id}:{one.ref}", norm=norm.id, clause=norm.clause, title=_title(norm, one.ref), claim=one.fact,
        applies=agreed and bool(share), said=said, before=one.established, after=one.owed,
        reasons=one.reasons, inputs=_qualified(one.qualification),
    )  # fmt: skip


def _qualified(decided: claims.Qualification) -> tuple[str, ...]:
    return (decided.fact,) if decided.fact else ()


def _title(norm: Norm, ref: str) -> Text:
    return _("%(promise)s, %(which)s", promise=norm.title, which=ref)
