"""Which client a source means by a name: written down once decided, else found by its spelling, never guessed between two."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.text import slugify

from jalon.accounts.models import Account
from jalon.core.text import Text, _
from jalon.usage.models import UsageClientName

Name = tuple[str, str]
"""A source, and what it calls a client."""


@dataclass(frozen=True)
class Matches:
    """The ref of the client of each name that has one, and the names that could be the same client."""

    refs: Mapping[Name, str]
    unclear: Mapping[tuple[str, str], tuple[str, ...]]  # (source, ref that they share) -> names


def ref_of(name: str) -> str:
    """The ref that a name spells: small letters, digits and hyphens."""
    return slugify(name.replace("_", "-").replace("/", "-"))[:80].strip("-")


def known() -> Matches:
    """The client of every name that the store has met."""
    rows = UsageClientName.objects.values_list("source", "name", "account__ref")
    return match({(source, name): ref for source, name, ref in rows})


def match(names: Mapping[Name, str | None]) -> Matches:
    """The clients of `names`, each with the ref that was written down for it, if any.

    What was written down wins; then the ref or the whole name of a client; then the spelling, where no other name of
    the same source spells the same client: two names are never merged without being told.
    """
    people = list(Account.objects.values_list("ref", "name"))
    there = {ref for ref, _name in people}
    by_name: dict[str, list[str]] = defaultdict(list)
    for ref, name in people:
        by_name[name].append(ref)
    refs: dict[Name, str] = {}
    spelt: dict[tuple[str, str], list[str]] = defaultdict(list)
    for (source, name), written in names.items():
        alone = by_name.get(name, [])
        sure = written or (name if name in there else alone[0] if len(alone) == 1 else None)
        if sure:
            refs[source, name] = sure
        else:
            spelt[source, ref_of(name)].append(name)
    taken = {(source, ref): name for (source, name), ref in refs.items()}
    unclear = {}
    for (source, ref), same in spelt.items():
        rivals = [taken[source, ref], *same] if (source, ref) in taken else same
        if len(rivals) > 1:
            unclear[source, ref] = tuple(sorted(rivals))
        elif ref in there:
            refs[source, same[0]] = ref
    return Matches(refs, unclear)


@dataclass(frozen=True)
class Met(Matches):
    """The matches of the whole store once a batch is met, the clients made, and the refs of those found just now."""

    made: int = 0
    settled: frozenset[str] = frozenset()


def meet(source: str, names: Iterable[str], *, create: bool, now: datetime) -> Met:
    """Write down the names of a batch and the clients that they mean; with `create`, make those that are not there.

    A match made by spelling is written down, so that a name met later cannot undo it.
    """
    wanted = set(names)
    there = set(UsageClientName.objects.filter(source=source).values_list("name", flat=True))
    UsageClientName.objects.bulk_create(
        [UsageClientName(source=source, name=name) for name in sorted(wanted - there)], batch_size=500
    )
    found = known()
    made = _create(source, wanted, found, now) if create else 0
    if made:
        found = known()
    return Met(found.refs, found.unclear, made, settle(found))


def _create(source: str, names: set[str], found: Matches, now: datetime) -> int:
    unclear = {name for same in found.unclear.values() for name in same}
    fresh = {
        name: ref
        for name in sorted(names)
        if (source, name) not in found.refs and name not in unclear and (ref := ref_of(name))
    }
    Account.objects.bulk_create(
        [Account(ref=ref, name=name[:200], created_at=now) for name, ref in fresh.items()]
    )
    return len(fresh)


def settle(found: Matches) -> frozenset[str]:
    """Write down the client of every name that has one; returns the refs of those that were not written down yet."""
    rows = [
        row for row in UsageClientName.objects.filter(account=None) if (row.source, row.name) in found.refs
    ]
    accounts = Account.objects.in_bulk({found.refs[row.source, row.name] for row in rows}, field_name="ref")
    for row in rows:
        row.account = accounts[found.refs[row.source, row.name]]
    UsageClientName.objects.bulk_update(rows, ["account"], batch_size=500)
    return frozenset(accounts)


def sentences(unclear: Mapping[tuple[str, str], tuple[str, ...]], source: str) -> list[Text]:
    """What is asked about the names of a source that could be the same client."""
    return [
        _(
            "%(names)s could be the same client, “%(ref)s”: those that nobody decided count for no client until you say which they are (jalon usage match).",
            names=tuple(f"“{name}”" for name in names),
            ref=ref,
        )
        if ref
        else _(
            "No short name can be made out of %(names)s: make the client yourself, then say which it is (jalon usage match).",
            names=tuple(f"“{name}”" for name in names),
        )
        for (one, ref), names in sorted(unclear.items())
        if one == source
    ]
