"""Who may record each of the 99 kinds: the table that a lead can read, and the catalogue's own word over it."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from jalon.accounts.access import Person, may_import, person_may_record
from jalon.accounts.models import Account, Role
from jalon.core.facts.catalogue import KINDS
from jalon.core.obligations import Side

ROLES = [role.value for role in Role]
SEATS = ["sponsor", "champion", "admin", "user", "billing", "privacy"]
TABLE: dict[str, list[str]] = yaml.safe_load(
    (Path(__file__).parent / "who_records.yaml").read_text(encoding="utf-8")
)


def _person(side: Side, role: str) -> Person:
    return Person("somebody", "Somebody", side, frozenset({role}))


def _may(side: Side, kind: str, names: list[str]) -> list[str]:
    account = Account(ref="aubrac")
    return [name for name in names if person_may_record(_person(side, name), account, KINDS[kind])]


def _listed(written: str, everyone: list[str]) -> list[str]:
    return {"everyone": everyone, "nobody": []}.get(written, written.split())


def test_the_table_names_every_kind_of_the_catalogue_and_no_other() -> None:
    assert set(TABLE) == set(KINDS)
    assert len(TABLE) == 99


@pytest.mark.parametrize("kind", sorted(TABLE))
def test_each_role_and_each_seat_records_what_the_table_says(kind: str) -> None:
    vendor, client = TABLE[kind]
    assert _may(Side.PROVIDER, kind, ROLES) == _listed(vendor, ROLES)
    assert _may(Side.CLIENT, kind, SEATS) == _listed(client, SEATS)


def test_whom_the_catalogue_names_may_record_and_nobody_else_may() -> None:
    for kind in KINDS.values():
        for side, names in ((Side.PROVIDER, ROLES), (Side.CLIENT, SEATS)):
            found = _may(side, kind.kind, names)
            if side not in kind.by:
                assert found == [], kind.kind
            elif kind.seats:
                assert set(found) == kind.seats & set(names), kind.kind


def test_a_contract_is_brought_in_by_who_may_record_each_of_its_facts() -> None:
    for role in ROLES:
        for_each = all(
            role in _may(Side.PROVIDER, kind, ROLES)
            for kind in ("document.signed", "order.set", "csm.assigned")
        )
        assert may_import(_person(Side.PROVIDER, role), "contracts") == for_each
    assert not any(may_import(_person(Side.CLIENT, seat), "contracts") for seat in SEATS)
