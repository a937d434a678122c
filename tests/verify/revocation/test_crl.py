"""What one CRL says of a certificate: RFC 5280 6.3.3, requirement by requirement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import hypothesis
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.x509.oid import NameOID
from hypothesis import strategies as st

from tests.support.ocsp import sequence, tlv
from tests.support.pki import NOW, Issued, authority, issue, name, root, rsa_key, server, trust_list
from tests.support.revocation import Entry, changed, crl, from_file, given, point, points, scope
from trustdesk.core.inspection import CrlFacts
from trustdesk.core.revocation import RevocationCheck, RevocationRuleStatus, RevocationStatus
from trustdesk.core.verification import RFC_5280_INPUTS, Purpose
from trustdesk.formats.der import parts_of, read_element
from trustdesk.verify.path_verifier import PathVerifier
from trustdesk.verify.revocation.evidence import RevocationEvidence
from trustdesk.verify.revocation_list import HeldRevocationList

GOOD, REVOKED = RevocationStatus.GOOD, RevocationStatus.REVOKED
UNKNOWN, UNAVAILABLE = RevocationStatus.UNKNOWN, RevocationStatus.UNAVAILABLE
FUTURE = NOW + timedelta(days=30)
PAST = NOW - timedelta(days=30)
URL, OTHER_URL = "http://crl.example/a.crl", "http://crl.example/b.crl"

ROOT = root()
CA = authority("Issuing", ROOT)
LEAF = server(CA)
OTHER = server(CA)
DELEGATE = authority("CRL signer", ROOT, is_ca=None, key_usage=("crl_sign",))


def ask(
    lists: Sequence[bytes],
    leaf: Issued = LEAF,
    others: Sequence[Issued] = (CA, DELEGATE),
    at: datetime = NOW,
    anchors: Sequence[Issued] = (ROOT,),
) -> RevocationCheck:
    """Return what CRLs say of an end entity."""
    verification = PathVerifier([trust_list(*anchors)]).verify(
        leaf.der,
        [one.der for one in others],
        purpose=Purpose.SERVER,
        at=at,
        inputs=RFC_5280_INPUTS,
        revocation=given(*lists),
    )
    return verification.paths[0].revocation[0]


def failed_rules(check: RevocationCheck) -> set[str]:
    return {
        one.rule
        for answer in check.answers
        for one in answer.checks
        if one.status is RevocationRuleStatus.FAIL
    }


def test_not_listed_is_good_with_its_source_and_age() -> None:
    check = ask([crl(CA, OTHER)])
    assert check.status is GOOD
    assert check.source is not None
    assert check.source.place == "1.crl"
    assert check.age_s == 86_400
    assert check.answers[0].signed_by == "CN=Issuing"
    assert failed_rules(check) <= {"crl.profile"}


def test_listed_is_revoked_with_date_and_reason() -> None:
    check = ask([crl(CA, Entry(LEAF, reason="keyCompromise"))])
    assert check.status is REVOKED
    assert check.revoked_at == NOW - timedelta(days=10)
    assert check.revocation_reason == "keyCompromise"


def test_on_hold_is_revoked_and_says_so() -> None:
    check = ask([crl(CA, Entry(LEAF, reason="certificateHold"))])
    assert check.status is REVOKED
    assert check.reason is not None
    assert "on hold" in check.reason.id


def test_every_requirement_is_named_once_whatever_came_of_the_others() -> None:
    lists = [crl(CA), crl(CA, LEAF), crl(CA, extensions=[scope(url=URL)]), crl(CA, signed_with=OTHER)]
    asked = [[one.rule for one in ask([der]).answers[0].checks] for der in lists]
    assert all(len(set(rules)) == len(rules) == 13 for rules in asked)
    assert len({frozenset(rules) for rules in asked}) == 1


def test_without_entries_the_list_makes_good() -> None:
    assert ask([crl(CA)]).status is GOOD


class TestSigner:
    def test_of_another_key_is_forged(self) -> None:
        check = ask([crl(CA, signed_with=server(CA))])
        assert check.status is UNAVAILABLE
        assert failed_rules(check) >= {"crl.signature"}

    def test_without_crl_sign_may_not(self) -> None:
        ca = authority("Issuing", ROOT, key_usage=("key_cert_sign",))
        check = ask([crl(ca)], server(ca), [ca])
        assert check.status is UNAVAILABLE
        assert failed_rules(check) >= {"crl.signer"}

    def test_with_a_key_of_its_own_needs_a_path_to_the_same_anchor(self) -> None:
        signer = authority("Issuing", ROOT, is_ca=None, key_usage=("crl_sign",))
        assert ask([crl(signer)], others=[CA, signer]).status is GOOD

    def test_of_the_same_name_below_another_anchor_is_refused(self) -> None:
        elsewhere = root("Other root")
        signer = authority("Issuing", elsewhere, is_ca=None, key_usage=("crl_sign",))
        check = ask([crl(signer)], others=[CA, signer], anchors=[ROOT, elsewhere])
        assert check.status is UNAVAILABLE
        assert failed_rules(check) >= {"crl.signer"}

    def test_that_names_itself_the_issuer_and_nobody_issued_is_refused(self) -> None:
        signer = root("Issuing")
        assert ask([crl(signer)], others=[CA, signer]).status is UNAVAILABLE

    def test_that_expired_is_refused(self) -> None:
        signer = authority("Issuing", ROOT, is_ca=None, key_usage=("crl_sign",), not_after=PAST)
        assert ask([crl(signer)], others=[CA, signer]).status is UNAVAILABLE

    def test_that_is_an_end_entity_of_the_name_without_key_usage_is_refused(self) -> None:
        signer = issue(name("Issuing"), CA)
        assert ask([crl(signer)], others=[CA, signer]).status is UNAVAILABLE

    def test_that_was_revoked_is_refused(self) -> None:
        signer = authority("Issuing", ROOT, is_ca=None, key_usage=("crl_sign",))
        check = ask([crl(signer), crl(ROOT, signer)], others=[CA, signer])
        assert check.status is UNAVAILABLE

    def test_whose_own_list_names_it_is_refused(self) -> None:
        where = points(point(URL, issuer=DELEGATE))
        signer = authority("CRL signer", ROOT, is_ca=None, key_usage=("crl_sign",), extensions=[where])
        leaf = server(CA, extensions=[where])
        fine = crl(signer, extensions=[scope(indirect=True)])
        assert ask([fine], leaf, [CA, signer]).status is GOOD
        naming = crl(
            signer,
            Entry(signer, issuer=ROOT.certificate.subject),
            extensions=[scope(indirect=True)],
        )
        assert ask([naming], leaf, [CA, signer]).status is UNAVAILABLE

    def test_whose_revocation_is_published_and_not_known_is_refused(self) -> None:
        signer = authority(
            "Issuing", ROOT, is_ca=None, key_usage=("crl_sign",), extensions=[points(point(URL))]
        )
        assert ask([crl(signer)], others=[CA, signer]).status is UNAVAILABLE


class TestIssuer:
    def test_another_ones_list_says_nothing(self) -> None:
        check = ask([crl(ROOT), crl(authority("Stranger", ROOT))])
        assert check.status is UNKNOWN
        assert not check.answers

    def test_named_in_the_distribution_point_may_be_indirect(self) -> None:
        leaf = server(CA, extensions=[points(point(URL, issuer=DELEGATE))])
        indirect = [scope(indirect=True)]
        assert ask([crl(DELEGATE, extensions=indirect)], leaf).status is GOOD
        listed = Entry(leaf, issuer=CA.certificate.subject)
        assert ask([crl(DELEGATE, listed, extensions=indirect)], leaf).status is REVOKED

    def test_of_the_entry_is_carried_forward_and_told_apart(self) -> None:
        leaf = server(CA, extensions=[points(point(URL, issuer=DELEGATE))])
        first = Entry(OTHER, issuer=CA.certificate.subject)
        indirect = [scope(indirect=True)]
        assert ask([crl(DELEGATE, first, leaf, extensions=indirect)], leaf).status is REVOKED
        elsewhere = Entry(leaf, issuer=ROOT.certificate.subject)
        assert ask([crl(DELEGATE, elsewhere, extensions=indirect)], leaf).status is GOOD

    def test_of_the_entry_in_other_letters_is_the_same(self) -> None:
        leaf = server(CA, extensions=[points(point(URL, issuer=DELEGATE))])
        listed = Entry(leaf, issuer=name("ISSUING"))
        assert ask([crl(DELEGATE, listed, extensions=[scope(indirect=True)])], leaf).status is REVOKED

    def test_named_without_the_indirect_flag_is_refused(self) -> None:
        leaf = server(CA, extensions=[points(point(URL, issuer=DELEGATE))])
        for extensions in ([], [scope(url=URL)]):
            check = ask([crl(DELEGATE, extensions=extensions)], leaf)
            assert check.status is UNAVAILABLE
            assert failed_rules(check) >= {"crl.issuer"}

    def test_of_the_certificate_is_refused_where_every_point_names_another(self) -> None:
        leaf = server(CA, extensions=[points(point(URL, issuer=DELEGATE))])
        assert ask([crl(CA)], leaf).status is UNAVAILABLE

    def test_of_an_indirect_list_that_no_point_announces_makes_nothing_good(self) -> None:
        leaf = server(CA, extensions=[points(point(URL))])
        indirect = [scope(indirect=True)]
        assert ask([crl(CA, extensions=indirect)]).status is GOOD
        assert ask([crl(CA, extensions=indirect)], leaf).status is UNKNOWN
        assert ask([crl(CA, leaf, extensions=indirect)], leaf).status is REVOKED

    def test_of_the_certificate_counts_where_one_point_names_nobody(self) -> None:
        leaf = server(CA, extensions=[points(point(URL, issuer=DELEGATE), point(OTHER_URL))])
        assert ask([crl(CA)], leaf).status is GOOD

    def test_named_in_an_entry_of_a_list_that_is_not_indirect_is_refused(self) -> None:
        listed = Entry(OTHER, issuer=ROOT.certificate.subject)
        check = ask([crl(CA, listed)])
        assert check.status is UNAVAILABLE
        assert failed_rules(check) >= {"crl.critical"}


class TestDistributionPoint:
    def test_is_one_of_the_certificates(self) -> None:
        leaf = server(CA, extensions=[points(point(OTHER_URL), point(URL))])
        assert ask([crl(CA, extensions=[scope(url=URL)])], leaf).status is GOOD

    def test_of_other_certificates_is_refused(self) -> None:
        for leaf in (server(CA, extensions=[points(point(OTHER_URL))]), LEAF):
            check = ask([crl(CA, extensions=[scope(url=URL)])], leaf)
            assert check.status is UNAVAILABLE
            assert failed_rules(check) >= {"crl.distribution_point"}

    def test_relative_to_the_issuer_is_made_whole(self) -> None:
        part = x509.RelativeDistinguishedName([x509.NameAttribute(NameOID.COMMON_NAME, "part 1")])
        other = x509.RelativeDistinguishedName([x509.NameAttribute(NameOID.COMMON_NAME, "part 2")])
        leaf = server(CA, extensions=[points(point(relative=part))])
        assert ask([crl(CA, extensions=[scope(relative=part)])], leaf).status is GOOD
        assert ask([crl(CA, extensions=[scope(relative=other)])], leaf).status is UNAVAILABLE

    def test_relative_and_in_full_are_the_same_name(self) -> None:
        part = x509.RelativeDistinguishedName([x509.NameAttribute(NameOID.COMMON_NAME, "part 1")])
        whole = x509.Name([*CA.certificate.subject.rdns, part])
        full = x509.DistributionPoint([x509.DirectoryName(whole)], None, None, None)
        leaf = server(CA, extensions=[points(full)])
        assert ask([crl(CA, extensions=[scope(relative=part)])], leaf).status is GOOD

    def test_that_cannot_be_read_is_not_taken_for_none(self) -> None:
        broken = x509.UnrecognizedExtension(x509.ObjectIdentifier("2.5.29.31"), b"\x30\x02\x30\x00")
        check = ask([crl(CA)], server(CA, extensions=[(broken, False)]))
        assert check.status is UNAVAILABLE
        assert failed_rules(check) >= {"crl.distribution_point"}


class TestScope:
    @pytest.mark.parametrize(
        ("of_list", "expected"),
        [
            (scope(user=True), GOOD),
            (scope(ca=True), UNAVAILABLE),
            (scope(attribute=True), UNAVAILABLE),
        ],
    )
    def test_of_an_end_entity(
        self, of_list: tuple[x509.ExtensionType, bool], expected: RevocationStatus
    ) -> None:
        assert ask([crl(CA, extensions=[of_list])]).status is expected

    @pytest.mark.parametrize(
        ("of_list", "expected"), [(scope(user=True), UNAVAILABLE), (scope(ca=True), GOOD)]
    )
    def test_of_a_ca(self, of_list: tuple[x509.ExtensionType, bool], expected: RevocationStatus) -> None:
        assert ask([crl(ROOT, extensions=[of_list])], CA, []).status is expected

    def test_of_a_certificate_without_version_3_is_not_known(self) -> None:
        leaf = as_version_1(LEAF, CA)
        verification = PathVerifier([trust_list(ROOT)]).verify(
            leaf,
            [CA.der],
            purpose=Purpose.SERVER,
            at=NOW,
            inputs=RFC_5280_INPUTS,
            revocation=given(crl(CA, extensions=[scope(user=True)])),
        )
        check = verification.paths[0].revocation[0]
        assert check.status is UNAVAILABLE
        assert failed_rules(check) >= {"crl.scope"}


class TestReasons:
    SOME, REST = (
        ("keyCompromise", "cACompromise"),
        (
            "affiliationChanged",
            "superseded",
            "cessationOfOperation",
            "certificateHold",
            "privilegeWithdrawn",
            "aACompromise",
        ),
    )

    def test_of_one_list_leave_the_others_open(self) -> None:
        check = ask([crl(CA, extensions=[scope(reasons=self.SOME)])])
        assert check.status is UNKNOWN
        assert check.reason is not None
        assert ("reasons", "keyCompromise, cACompromise") in check.reason.params

    def test_of_two_lists_are_good_together(self) -> None:
        lists = [crl(CA, extensions=[scope(reasons=some)]) for some in (self.SOME, self.REST)]
        check = ask(lists)
        assert check.status is GOOD
        assert len(check.answers) == 2

    def test_of_one_of_two_lists_revoke(self) -> None:
        lists = [
            crl(CA, extensions=[scope(reasons=self.SOME)]),
            crl(CA, Entry(LEAF, reason="superseded"), extensions=[scope(reasons=self.REST)]),
        ]
        assert ask(lists).status is REVOKED

    def test_of_a_stale_list_do_not_count(self) -> None:
        lists = [
            crl(CA, extensions=[scope(reasons=self.SOME)]),
            crl(
                CA,
                extensions=[scope(reasons=self.REST)],
                this_update=PAST,
                next_update=NOW - timedelta(days=1),
            ),
        ]
        assert ask(lists).status is UNKNOWN

    def test_of_the_point_narrow_those_of_the_list(self) -> None:
        narrow = point(URL, reasons=("keyCompromise",), issuer=DELEGATE)
        leaf = server(CA, extensions=[points(narrow)])
        assert ask([crl(DELEGATE, extensions=[scope(indirect=True)])], leaf).status is UNKNOWN


UNDATED_AT_THE_END = changed(
    crl(CA),
    CA,
    lambda parts: [*parts[:3], b"\x18\x0f99991231235900Z", *parts[5:]],
)


class TestFreshness:
    def test_past_its_next_update_is_unavailable_and_says_when(self) -> None:
        due = NOW - timedelta(seconds=1)
        check = ask([crl(CA, this_update=PAST, next_update=due)])
        assert check.status is UNAVAILABLE
        assert check.reason is not None
        assert ("next_update", due) in check.reason.params

    def test_last_second_belongs_to_it(self) -> None:
        assert ask([crl(CA, next_update=NOW)]).status is GOOD

    def test_stale_list_still_revokes_but_for_a_hold(self) -> None:
        on, due = PAST - timedelta(days=1), NOW - timedelta(days=1)
        lost = Entry(LEAF, on=on)
        assert ask([crl(CA, lost, this_update=PAST, next_update=due)]).status is REVOKED
        hold = Entry(LEAF, reason="certificateHold", on=on)
        assert ask([crl(CA, hold, this_update=PAST, next_update=due)]).status is UNAVAILABLE

    def test_without_next_update_it_counts_for_a_day(self) -> None:
        def undated(made: datetime) -> bytes:
            return changed(crl(CA, this_update=made), CA, lambda parts: [*parts[:4], *parts[5:]])

        assert ask([undated(NOW - timedelta(hours=24))]).status is GOOD
        check = ask([undated(NOW - timedelta(hours=24, seconds=1))])
        assert check.status is UNAVAILABLE
        assert failed_rules(check) >= {"crl.freshness"}

    def test_made_after_the_date_judged_for_says_nothing_good(self) -> None:
        check = ask([crl(CA, this_update=NOW, next_update=FUTURE)], at=PAST)
        assert check.status is UNAVAILABLE

    def test_revoked_after_the_date_judged_for_is_said_as_such(self) -> None:
        later = PAST + timedelta(days=5)
        check = ask([crl(CA, Entry(LEAF, on=later), this_update=NOW, next_update=FUTURE)], at=PAST)
        assert check.status is UNKNOWN
        assert check.revoked_at is None
        assert check.reason is not None
        assert ("revoked_at", later) in check.reason.params

    def test_revoked_before_the_date_judged_for_is_revoked_by_a_later_list_too(self) -> None:
        before = PAST - timedelta(days=5)
        check = ask([crl(CA, Entry(LEAF, on=before), this_update=NOW, next_update=FUTURE)], at=PAST)
        assert check.status is REVOKED

    def test_made_after_the_certificate_expired_makes_nothing_good(self) -> None:
        leaf = server(CA, not_after=NOW - timedelta(days=2))
        assert ask([crl(CA)], leaf).status is UNKNOWN

    @pytest.mark.parametrize(
        ("at", "expected"),
        [
            (datetime(1, 1, 1, tzinfo=UTC), UNAVAILABLE),
            (datetime(9999, 12, 31, 23, 59, tzinfo=UTC), UNKNOWN),
        ],
    )
    def test_instants_at_the_ends_of_time_are_judged(self, at: datetime, expected: RevocationStatus) -> None:
        assert ask([crl(CA), UNDATED_AT_THE_END], at=at).status is expected

    def test_newer_list_ends_a_hold(self) -> None:
        held = crl(CA, Entry(LEAF, reason="certificateHold"), this_update=NOW - timedelta(days=2))
        assert ask([held, crl(CA)]).status is GOOD
        lost = crl(CA, Entry(LEAF, reason="keyCompromise"), this_update=NOW - timedelta(days=2))
        assert ask([lost, crl(CA)]).status is REVOKED


UNDERSTOOD_BY_NOBODY = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00")


class TestForm:
    def test_critical_extension_that_nobody_understands(self) -> None:
        check = ask([crl(CA, extensions=[(UNDERSTOOD_BY_NOBODY, True)])])
        assert check.status is UNAVAILABLE
        assert failed_rules(check) >= {"crl.critical"}
        assert ask([crl(CA, extensions=[(UNDERSTOOD_BY_NOBODY, False)])]).status is GOOD

    @pytest.mark.parametrize("listed", [LEAF, OTHER])
    def test_critical_extension_of_any_entry(self, listed: Issued) -> None:
        entry = Entry(listed, extensions=((UNDERSTOOD_BY_NOBODY, True),))
        assert ask([crl(CA, entry)]).status is UNAVAILABLE

    def test_version_1_with_extensions(self) -> None:
        check = ask([changed(crl(CA), CA, lambda parts: parts[1:])])
        assert check.status is UNAVAILABLE
        assert failed_rules(check) >= {"crl.form"}

    def test_version_1_without_extensions_is_a_crl(self) -> None:
        assert ask([changed(crl(CA), CA, lambda parts: parts[1:-1])]).status is GOOD

    def test_version_1_with_extensions_of_entries(self) -> None:
        listed = crl(CA, Entry(OTHER, reason="superseded"))
        assert ask([changed(listed, CA, lambda parts: parts[1:-1])]).status is UNAVAILABLE

    @pytest.mark.parametrize("version", [b"\x02\x01\x00", b"\x02\x01\x02"])
    def test_other_versions(self, version: bytes) -> None:
        assert ask([changed(crl(CA), CA, lambda parts: [version, *parts[1:]])]).status is UNAVAILABLE

    def test_empty_list_of_entries(self) -> None:
        check = ask([changed(crl(CA), CA, lambda parts: [*parts[:5], b"\x30\x00", *parts[5:]])])
        assert check.status is UNAVAILABLE
        assert failed_rules(check) >= {"crl.form"}

    def test_entries_that_stand_there_twice(self) -> None:
        listed = crl(CA, LEAF)
        empty = changed(listed, CA, lambda parts: [*parts[:6], b"\x30\x00", *parts[6:]])
        assert ask([empty]).status is UNAVAILABLE

    def test_extension_that_stands_there_twice(self) -> None:
        def twice(parts: list[bytes]) -> list[bytes]:
            number = bytes.fromhex("300a0603551d140403020107")
            inside = parts[-1][4:] + number
            assert parts[-1][1] < 0x70
            return [*parts[:-1], bytes([0xA0, len(inside) + 2, 0x30, len(inside)]) + inside]

        check = ask([changed(crl(CA), CA, twice)])
        assert check.status is UNAVAILABLE
        assert failed_rules(check) >= {"crl.form"}

    @pytest.mark.parametrize("oid", ["2.5.29.20", "2.5.29.27", "2.5.29.28", "2.5.29.35", "2.5.29.46"])
    def test_extension_that_cannot_be_read(self, oid: str) -> None:
        broken = x509.UnrecognizedExtension(x509.ObjectIdentifier(oid), b"\x04\x00")
        check = ask([crl(CA, number=None, extensions=[(broken, False)])])
        assert check.status is UNAVAILABLE

    def test_scope_that_says_nothing(self) -> None:
        empty = x509.UnrecognizedExtension(x509.ObjectIdentifier("2.5.29.28"), b"\x30\x00")
        assert ask([crl(CA, extensions=[(empty, True)])]).status is UNAVAILABLE

    def test_algorithm_outside_that_is_not_signed(self) -> None:
        sha256, sha384 = bytes.fromhex("2a8648ce3d040302"), bytes.fromhex("2a8648ce3d040303")
        swapped = changed(crl(CA), CA, lambda parts: [part.replace(sha256, sha384) for part in parts])
        check = ask([swapped])
        assert check.status is UNAVAILABLE
        assert failed_rules(check) >= {"crl.form"}

    def test_bytes_after_it(self) -> None:
        assert ask([crl(CA) + b"\0"]).status is UNAVAILABLE

    def test_departures_from_the_profile_are_named_and_take_nothing_away(self) -> None:
        check = ask([crl(CA, number=None)])
        assert check.status is GOOD
        assert failed_rules(check) == {"crl.profile"}

    def test_departures_from_the_profile_refuse_where_form_is_asked_for(self) -> None:
        for lists, expected in (([crl(CA, number=None)], UNAVAILABLE), ([full_profile()], GOOD)):
            verification = PathVerifier([trust_list(ROOT)]).verify(
                LEAF.der,
                [CA.der],
                purpose=Purpose.SERVER,
                at=NOW,
                inputs=replace(RFC_5280_INPUTS, conformance_required=True),
                revocation=given(*lists),
            )
            assert verification.paths[0].revocation[0].status is expected

    @pytest.mark.parametrize(
        ("digest", "oid", "expected"),
        [
            (hashes.SHA1(), "05", GOOD),  # noqa: S303 - the point
            (hashes.MD5(), "04", UNAVAILABLE),  # noqa: S303 - the point
        ],
    )
    def test_weak_digest_is_named_and_a_broken_one_refused(
        self, digest: hashes.HashAlgorithm, oid: str, expected: RevocationStatus
    ) -> None:
        ca = authority("Issuing", ROOT, key=rsa_key())
        body, algorithm = parts_of(read_element(crl(ca)), 3)[:2]
        head = "2a864886f70d0101"
        old, new = bytes.fromhex(f"{head}0b"), bytes.fromhex(head + oid)
        signed = body.raw.replace(old, new)
        signature = rsa_key().sign(signed, padding.PKCS1v15(), digest)
        weak = sequence(signed, algorithm.raw.replace(old, new), tlv(0x03, b"\0", signature))
        check = ask([weak], server(ca), [ca])
        assert check.status is expected
        assert failed_rules(check) >= {"crl.digest"}

    @pytest.mark.parametrize("end", range(0, 300, 7))
    def test_cut_short_it_makes_nothing_good(self, end: int) -> None:
        whole = crl(CA, LEAF)
        assert ask([whole[: min(end, len(whole) - 1)]]).status in {UNKNOWN, UNAVAILABLE}


class TestDelta:
    def test_adds_a_revocation(self) -> None:
        check = ask([crl(CA), crl(CA, LEAF, number=12, base=9)])
        assert check.status is REVOKED
        assert check.source is not None
        assert check.source.place == "2.crl"

    def test_says_nothing_more(self) -> None:
        assert ask([crl(CA, number=10), crl(CA, number=12, base=10)]).status is GOOD

    def test_ends_a_hold(self) -> None:
        held = crl(CA, Entry(LEAF, reason="certificateHold"))
        removed = Entry(LEAF, reason="removeFromCRL")
        assert ask([held, crl(CA, removed, number=12, base=9)]).status is GOOD

    def test_ends_nothing_but_a_hold(self) -> None:
        lost = crl(CA, Entry(LEAF, reason="keyCompromise"))
        removed = Entry(LEAF, reason="removeFromCRL")
        assert ask([lost, crl(CA, removed, number=12, base=9)]).status is REVOKED

    def test_stale_one_ends_no_hold(self) -> None:
        held = crl(CA, Entry(LEAF, reason="certificateHold"))
        removed = Entry(LEAF, reason="removeFromCRL")
        stale = crl(CA, removed, number=12, base=9, next_update=NOW - timedelta(hours=1))
        assert ask([held, stale]).status is REVOKED

    def test_brings_an_old_list_up_to_date(self) -> None:
        old = crl(CA, this_update=PAST, next_update=NOW - timedelta(days=20))
        assert ask([old, crl(CA, number=12, base=10)]).status is GOOD

    def test_that_starts_later_does_not(self) -> None:
        old = crl(CA, this_update=PAST, next_update=NOW - timedelta(days=20))
        check = ask([old, crl(CA, number=12, base=11)])
        assert check.status is UNAVAILABLE

    def test_alone_says_nothing(self) -> None:
        check = ask([crl(CA, number=12, base=10)])
        assert check.status is UNAVAILABLE
        assert failed_rules(check) >= {"crl.delta"}

    def test_of_another_scope_is_not_joined(self) -> None:
        old = crl(CA, this_update=PAST, next_update=NOW - timedelta(days=20))
        assert ask([old, crl(CA, number=12, base=10, extensions=[scope(user=True)])]).status is UNAVAILABLE

    def test_of_another_key_is_not_joined(self) -> None:
        old = crl(CA, this_update=PAST, next_update=NOW - timedelta(days=20))
        forged = crl(CA, number=12, base=10, signed_with=OTHER)
        assert ask([old, forged]).status is UNAVAILABLE

    def test_removal_on_a_complete_list_is_no_word(self) -> None:
        assert ask([crl(CA, Entry(LEAF, reason="removeFromCRL"))]).status is UNAVAILABLE


def full_profile() -> bytes:
    """Return a CRL that has everything that RFC 5280 5.1.2 and 5.2 ask of one."""
    key = x509.AuthorityKeyIdentifier.from_issuer_public_key(CA.key.public_key())
    return crl(CA, extensions=[(key, False)])


def as_version_1(issued: Issued, issuer: Issued) -> bytes:
    """Return a certificate without version and extensions, signed again."""
    return changed(issued.der, issuer, lambda parts: parts[1:7])


NAMING = crl(CA, Entry(LEAF, reason="keyCompromise"), OTHER, extensions=[scope(user=True)])
SERIAL_NUMBER = LEAF.certificate.serial_number.to_bytes(20, "big").lstrip(b"\0")


@hypothesis.given(st.data())
def test_changed_and_signed_again_it_never_makes_good_whom_it_names(data: st.DataObject) -> None:
    """Whatever one octet is made of, but for those of the serial number itself."""

    def change(parts: list[bytes]) -> list[bytes]:
        which = data.draw(st.integers(0, len(parts) - 1))
        part = bytearray(parts[which])
        own = part.find(SERIAL_NUMBER) if SERIAL_NUMBER in part else len(part)
        position = data.draw(
            st.integers(0, len(part) - 1).filter(lambda at: not own <= at < own + len(SERIAL_NUMBER))
        )
        part[position] = data.draw(st.integers(0, 255))
        return [*parts[:which], bytes(part), *parts[which + 1 :]]

    assert ask([changed(NAMING, CA, change)]).status is not GOOD


class LongList(HeldRevocationList):
    """A list whose bytes are not held, as those are that lie in a file."""

    @property
    def facts(self) -> CrlFacts:
        return replace(super().facts, der=b"")


class TestLongList:
    """Names have to be compared by their text; everything else is the same."""

    def ask(self, der: bytes, leaf: Issued = LEAF) -> RevocationCheck:
        verification = PathVerifier([trust_list(ROOT)]).verify(
            leaf.der,
            [CA.der, DELEGATE.der],
            purpose=Purpose.SERVER,
            at=NOW,
            revocation=RevocationEvidence(lists=((from_file(), LongList(der)),)),
        )
        return verification.paths[0].revocation[0]

    def test_tells_good_from_revoked_and_forged(self) -> None:
        assert self.ask(crl(CA, OTHER)).status is GOOD
        assert self.ask(crl(CA, LEAF)).status is REVOKED
        assert self.ask(crl(CA, signed_with=OTHER)).status is UNAVAILABLE
        assert self.ask(crl(ROOT)).status is UNKNOWN

    def test_may_be_indirect(self) -> None:
        leaf = server(CA, extensions=[points(point(URL, issuer=DELEGATE))])
        indirect = [scope(indirect=True)]
        assert self.ask(crl(DELEGATE, extensions=indirect), leaf).status is GOOD
        listed = Entry(leaf, issuer=CA.certificate.subject)
        assert self.ask(crl(DELEGATE, listed, extensions=indirect), leaf).status is REVOKED
