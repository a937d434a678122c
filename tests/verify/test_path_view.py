"""How far a path is seen: no certificate above a link that does not bind, and no check of one."""

from __future__ import annotations

from tests.support import pki
from trustdesk.core.verification import Purpose
from trustdesk.verify.path_verifier import PathVerifier
from trustdesk.verify.path_view import PathView, view_along, view_of

ROOT = pki.root()
ISSUING = pki.authority("Issuing", ROOT)
IMPOSTOR = pki.authority("Issuing", ROOT, not_after=pki.NOW)
LEAF = pki.server(ISSUING)


def judged(*intermediates: pki.Issued, anchor: pki.Issued = ROOT) -> PathView:
    verification = PathVerifier([pki.trust_list(anchor)]).verify(
        LEAF.der, [one.der for one in intermediates], purpose=Purpose.SERVER, at=pki.NOW
    )
    return view_of(verification.paths[0], verification.known)


def digests(view: PathView) -> list[str]:
    return [one.sha256 for one in view.certificates]


def test_a_path_that_binds_is_seen_up_to_its_anchor() -> None:
    view = judged(ISSUING)
    assert digests(view) == [LEAF.sha256, ISSUING.sha256, ROOT.sha256]
    assert view.anchor_list == "test"
    assert view.failures("") == []


def test_nothing_is_seen_above_a_signature_of_another_key() -> None:
    view = judged(ISSUING, anchor=pki.root())
    assert digests(view) == [LEAF.sha256, ISSUING.sha256]
    assert view.anchor_list is None


def test_nothing_is_seen_above_an_end_entity_that_the_named_ca_did_not_sign() -> None:
    along = view_along([LEAF.facts, IMPOSTOR.facts, ROOT.facts], Purpose.SERVER, pki.NOW)
    assert digests(along) == [LEAF.sha256]
    assert along.failures("validity.", above=0) == []


def test_the_name_is_compared_along_what_came_along_too() -> None:
    chain = [LEAF.facts, ISSUING.facts]
    assert view_along(chain, Purpose.SERVER, pki.NOW, pki.HOST).failures("leaf.peer_name") == []
    assert view_along(chain, Purpose.SERVER, pki.NOW, "other.example").failures("leaf.peer_name")
