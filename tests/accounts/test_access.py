"""One door to an account: each person sees its own, and what is forbidden looks like what is absent."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404

from jalon.accounts import access
from jalon.accounts.models import Contact, Staff, User
from jalon.core.facts.catalogue import KINDS
from jalon.core.obligations import Side
from tests.cast import Cast


def _refused(user: object, ref: str) -> str:
    with pytest.raises(Http404) as caught:
        access.access_account(user, ref)
    return str(caught.value)


def test_the_vendors_people_see_every_client(cast: Cast) -> None:
    for user in (cast.camille, cast.louise):
        assert set(access.accounts_for(user)) == {cast.aubrac, cast.belharra}
        assert access.access_account(user, "aubrac") == cast.aubrac


def test_a_contact_sees_its_own_client_and_no_other(cast: Cast) -> None:
    assert access.access_account(cast.nadia, "aubrac") == cast.aubrac
    assert list(access.accounts_for(cast.paul)) == [cast.belharra]
    assert _refused(cast.paul, "aubrac") == _refused(cast.paul, "there-is-no-such-client")


def test_nobody_sees_nothing(cast: Cast) -> None:
    stranger = User.objects.create_user("stranger@nowhere.example")
    for user in (AnonymousUser(), stranger):
        assert access.person_of(user) is None
        assert not access.accounts_for(user).exists()
        assert _refused(user, "aubrac") == _refused(user, "none")


def test_who_leaves_sees_nothing_at_the_next_request(cast: Cast) -> None:
    Staff.objects.filter(ref="camille").update(active=False)
    Contact.objects.filter(ref="nadia").update(active=False)
    assert not access.accounts_for(cast.camille).exists()
    assert not access.accounts_for(cast.nadia).exists()


def test_paul_records_nothing_at_another_client(cast: Cast) -> None:
    allowed = [kind.kind for kind in KINDS.values() if access.may_record(cast.paul, cast.aubrac, kind)]
    assert allowed == []
    assert access.may_record(cast.paul, cast.belharra, KINDS["request.opened"])


def test_nobody_records_for_the_other_side(cast: Cast) -> None:
    for user, side in (
        (cast.camille, Side.PROVIDER),
        (cast.louise, Side.PROVIDER),
        (cast.nadia, Side.CLIENT),
    ):
        for kind in KINDS.values():
            if side not in kind.by:
                assert not access.may_record(user, cast.aubrac, kind), (user, kind.kind)


@pytest.mark.parametrize(
    ("kind", "who"),
    [
        ("activity.held", "camille louise nadia"),
        ("csm.assigned", "camille louise"),
        ("payment.credited", "louise"),
        ("document.signed", "camille louise"),
        ("request.opened", "camille louise nadia"),
        ("order.set", "camille louise"),
    ],
)
def test_each_role_records_what_is_its_own(cast: Cast, kind: str, who: str) -> None:
    found = [
        name
        for name in ("camille", "louise", "nadia")
        if access.may_record(getattr(cast, name), cast.aubrac, KINDS[kind])
    ]
    assert " ".join(found) == who
