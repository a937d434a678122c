"""Impact over a workspace: who loses and gains, by which path, and what the sentence says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection, Update, update

from tests.support import pki
from tests.support.pki import NOW, Issued
from tests.support.probes import ended, record
from trustdesk.core.errors import CancelledByPersonError
from trustdesk.core.message import Message, msg
from trustdesk.core.ports import Job
from trustdesk.core.probe import Outcome, Phase, StopReason
from trustdesk.core.target import parse_target
from trustdesk.core.trust import ServerFault, TrustAnchor, TrustList
from trustdesk.core.trust_impact import AffectedChain, Impact, Standing
from trustdesk.core.verification import Purpose
from trustdesk.formats.observation_records import packed
from trustdesk.services import impact_judging
from trustdesk.services.impact_subjects import OwnChains
from trustdesk.services.reporting import report_on
from trustdesk.services.trust_impact import TrustImpact
from trustdesk.services.trust_side import TrustSide
from trustdesk.storage import schema
from trustdesk.storage.directory import Directory
from trustdesk.storage.workspace import Workspace
from trustdesk.verify.judge import PathJudge
from trustdesk.verify.outline import outline

LONG = NOW + timedelta(days=4000)
ONE, TWO = pki.root("Root One", not_after=LONG), pki.root("Root Two", not_after=LONG)
CROSS = pki.authority("Root One", TWO, key=ONE.key, not_after=LONG)
ISSUING = pki.authority("CA 7", ONE, not_after=LONG)
LIST = pki.trust_list(ONE, TWO, called="pilot")
EARLIER = NOW - timedelta(days=200)


class Office:
    """A workspace with partners and identities, and impact over it."""

    def __init__(self, folder: Path) -> None:
        self.workspace = Workspace.open(folder)
        self.directory = Directory(self.workspace)
        self.own: OwnChains = {}
        self.impact = TrustImpact(self.workspace, lambda: self.own)

    def close(self) -> None:
        self.impact.close()
        self.workspace.close()

    def forget(self) -> None:
        """Judge everything anew from now on."""
        self.impact.close()
        self.impact = TrustImpact(self.workspace, lambda: self.own)

    def saw(
        self,
        partner: str,
        *chain: Issued,
        faults: tuple[ServerFault, ...] = (),
        published: Mapping[str, str] | None = None,
    ) -> None:
        """A partner showed a chain; without `published` it was judged by fewer rules than there are now."""
        endpoint = self.directory.add_endpoint(partner, parse_target(pki.HOST)).result()
        ders = [one.der for one in chain]
        judgement = PathJudge([LIST], published_keys=published).judge_server(ders, pki.HOST, NOW)
        if faults:
            judgement = replace(judgement, trusted=False, faults=faults)
        report = report_on(
            record(
                f"https://{pki.HOST}",
                presented_chain=tuple(one.facts for one in chain),
                judgement=judgement,
                outcome=Outcome.ACCEPTED if judgement.trusted else Outcome.UNTRUSTED_PEER,
            )
        )
        self.directory.record_report(endpoint.id, report).result()

    def compare(self, before: TrustSide, after: TrustSide) -> Impact:
        return self.impact.impact(msg("A change"), lambda: (before, after)).future.result()


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path)
    yield made
    made.close()


def side(*lists: TrustList) -> TrustSide:
    return TrustSide(lists=lists or (LIST,), at=NOW)


def words(message: Message) -> str:
    """The sentence with its parameters in it."""
    return message.id.format(**{name: getattr(v, "id", v) for name, v in message.params})


def test_a_root_that_goes_takes_the_partners_below_it(office: Office) -> None:
    below, beside = pki.server(ISSUING), pki.server(TWO)
    office.saw("Nordwind", below, ISSUING)
    office.saw("Kestrel", beside)

    found = office.compare(side(), side().without(ONE.sha256))

    (lost,) = found.partners
    assert (lost.partner, lost.before, lost.after) == ("Nordwind", Standing.TRUSTED, Standing.NOT_TRUSTED)
    assert [one.sha256 for one in lost.lost_path] == [below.sha256, ISSUING.sha256, ONE.sha256]
    assert lost.gained_path == ()
    assert lost.broken_by == ONE.sha256
    assert words(lost.why) == "Its root Root One left the list pilot."
    assert found.looked_at == 2
    assert [who for who, _place in found.unchanged] == ["Kestrel"]


def test_a_root_that_goes_takes_nobody_who_has_another_path(office: Office) -> None:
    office.saw("Nordwind", pki.server(ISSUING), ISSUING, CROSS)

    assert office.compare(side(), side().without(ONE.sha256)).partners == ()


def test_who_was_not_trusted_before_does_not_lose(office: Office) -> None:
    office.saw("Zephyr", pki.server(ISSUING, not_after=NOW - timedelta(days=3)), ISSUING)

    assert office.compare(side(), side().without(ONE.sha256)).partners == ()


def test_who_was_never_tested_or_never_answered_is_named_as_not_judged(office: Office) -> None:
    office.directory.add_endpoint("Sleepy", parse_target(pki.HOST)).result()
    silent = office.directory.add_endpoint("silent", parse_target(pki.HOST)).result()
    nothing = ended(Outcome.TIMED_OUT, StopReason.DEADLINE, Phase.CONNECT)
    office.directory.record_report(silent.id, report_on(nothing)).result()
    office.saw("Nordwind", pki.server(ISSUING), ISSUING)

    found = office.compare(side(), side().without(TWO.sha256))

    assert found.not_judged == ("silent", "Sleepy")
    assert found.looked_at == 1
    assert found.partners == ()


def test_the_last_chain_counts_also_where_the_last_test_got_no_answer(office: Office) -> None:
    office.saw("Nordwind", pki.server(ISSUING), ISSUING)
    (endpoint,) = office.directory.endpoints().result()
    nothing = ended(Outcome.TIMED_OUT, StopReason.DEADLINE, Phase.CONNECT)
    later = replace(nothing, started_at=NOW + timedelta(days=1))
    office.directory.record_report(endpoint.id, report_on(later)).result()

    assert [one.partner for one in office.compare(side(), side().without(ONE.sha256)).partners] == [
        "Nordwind"
    ]


def test_what_revocation_says_of_a_server_stays_on_both_sides(office: Office) -> None:
    office.saw("Revoked", pki.server(ISSUING), ISSUING, faults=(ServerFault.REVOKED,))

    found = office.compare(side(), side().without(ONE.sha256))

    assert found.partners == ()
    assert found.looked_at == 1


def test_a_partner_with_its_own_list_does_not_change_with_the_others(office: Office) -> None:
    office.saw("Nordwind", pki.server(ISSUING), ISSUING)
    office.saw("Kestrel", pki.server(ISSUING), ISSUING)
    own = pki.trust_list(ONE, called="bank")
    before = replace(side(), own={"Nordwind": (own,)})

    found = office.compare(before, before.with_list(pki.trust_list(TWO, called="pilot")))

    assert [one.partner for one in found.partners] == ["Kestrel"]
    assert {one.partner for one in office.compare(before, before.without(ONE.sha256)).partners} == {
        "Nordwind",
        "Kestrel",
    }


@pytest.mark.parametrize(
    ("limits", "sentence"),
    [
        ({"uses": frozenset({Purpose.CLIENT})}, "Root One is for clients only on the list pilot."),
        (
            {"uses": frozenset[Purpose]()},
            "The list pilot trusts Root One neither for servers nor for clients.",
        ),
        ({"distrusted": True}, "Root One is distrusted by the list pilot."),
        (
            {"distrust_after": EARLIER},
            f"Root One is distrusted by the list pilot for what was issued after {EARLIER}.",
        ),
    ],
    ids=["clients_only", "nothing", "distrusted", "distrust_after"],
)
def test_a_root_that_vouches_for_less_says_so(
    office: Office, limits: dict[str, object], sentence: str
) -> None:
    office.saw("Nordwind", pki.server(ISSUING), ISSUING)
    limited = TrustAnchor(certificate=ONE.facts, **limits)  # type: ignore[arg-type]

    found = office.compare(side(), side(replace(LIST, limited=(limited,))))

    (lost,) = found.partners
    assert words(lost.why) == sentence
    assert lost.broken_by == ONE.sha256
    back = office.compare(side(replace(LIST, limited=(limited,))), side()).partners[0]
    assert (back.gains, back.lost_path, len(back.gained_path)) == (True, (), 3)


def test_a_day_that_comes_names_the_certificate_that_ends(office: Office) -> None:
    ends = NOW + timedelta(days=20)
    dying = pki.authority("Dying CA", ONE, not_after=ends)
    office.saw("Nordwind", pki.server(dying), dying)
    office.saw("Kestrel", pki.server(TWO, not_after=ends))
    office.saw("Lasting", pki.server(TWO))

    found = office.compare(side(), side().as_of(NOW + timedelta(days=30)))

    assert [(one.partner, words(one.why)) for one in found.partners] == [
        ("Kestrel", f"Its own certificate expires on {ends}."),
        ("Nordwind", f"Dying CA, in its path, expires on {ends}."),
    ]
    assert found.at_after == NOW + timedelta(days=30)


def test_identities_are_judged_as_what_they_are_for(office: Office) -> None:
    client = pki.client(ISSUING)
    both = pki.client(ISSUING, usages=(pki.CLIENT_AUTH, pki.SERVER_AUTH))
    office.own = {"halden-client": (client.facts, ISSUING.facts), "halden-edge": (both.facts, ISSUING.facts)}
    servers_only = TrustAnchor(certificate=ONE.facts, uses=frozenset({Purpose.SERVER}))

    found = office.compare(side(), side(replace(LIST, limited=(servers_only,))))

    assert [(one.identity, one.purpose) for one in found.identities] == [
        ("halden-client", Purpose.CLIENT),
        ("halden-edge", Purpose.CLIENT),
    ]
    gone = office.compare(side(), side().without(ONE.sha256)).identities
    assert [(one.identity, one.purpose) for one in gone] == [
        ("halden-client", Purpose.CLIENT),
        ("halden-edge", Purpose.CLIENT),
        ("halden-edge", Purpose.SERVER),
    ]
    assert found.partners == ()


def test_processes_say_what_the_thread_says(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(8):
        office.saw(f"Partner {number}", pki.server(ISSUING), ISSUING)
    alone = office.compare(side(), side().without(ONE.sha256))
    office.forget()
    monkeypatch.setattr(impact_judging, "FEW", 2)
    monkeypatch.setattr(impact_judging, "_PILE", 1)

    told: list[tuple[int, int]] = []
    job = office.impact.impact(
        msg("A change"),
        lambda: (side(), side().without(ONE.sha256)),
        on_progress=lambda done, total: told.append((done, total)),
    )

    assert job.future.result() == alone
    assert told[0] == (0, 8)
    assert told[-1] == (8, 8)


def test_what_was_judged_before_is_not_judged_again(office: Office) -> None:
    office.saw("Nordwind", pki.server(ISSUING), ISSUING)
    first = office.compare(side(), side().without(ONE.sha256))
    told: list[tuple[int, int]] = []
    after = side().without(ONE.sha256)
    again = office.impact.impact(
        msg("A change"),
        lambda: (side(), after),
        on_progress=lambda done, total: told.append((done, total)),
    )

    assert again.future.result() == first
    assert told == [(0, 0)]
    # On a day that lies behind the end of its certificate, nothing of today counts.
    late = TrustSide(lists=(LIST,), at=NOW + timedelta(days=300))
    assert office.compare(late, late.without(ONE.sha256)).partners == ()


def _asked_of(office: Office, before: TrustSide, after: TrustSide) -> tuple[Impact, int]:
    """Return an impact, and how many chains had to be judged for it."""
    told: list[tuple[int, int]] = []
    job = office.impact.impact(
        msg("A change"), lambda: (before, after), on_progress=lambda done, total: told.append((done, total))
    )
    return job.future.result(), told[0][1]


def test_what_a_test_said_by_the_same_lists_and_rules_is_not_judged_again(office: Office) -> None:
    office.saw("Nordwind", pki.server(ISSUING), ISSUING, published={})
    office.saw("By fewer rules", pki.server(ISSUING), ISSUING)

    found, judged = _asked_of(office, side(), side().without(ONE.sha256))

    assert [one.partner for one in found.partners if one.loses] == ["By fewer rules", "Nordwind"]
    assert judged == 1
    # By another version of the list, and on a day behind an end, nothing of then counts.
    office.forget()
    other = side(replace(LIST, version=2))
    assert _asked_of(office, other, other.without(ONE.sha256))[1] == 2
    late = TrustSide(lists=(LIST,), at=NOW + timedelta(days=300))
    found, judged = _asked_of(office, late, late.without(ONE.sha256))
    assert (found.partners, judged) == ((), 2)


def _executed(change: Update, connection: Connection) -> int:
    return connection.execute(change).rowcount


def test_a_report_that_is_damaged_is_no_judgement(office: Office) -> None:
    office.saw("Nordwind", pki.server(ISSUING), ISSUING, published={})
    office.saw("Kestrel", pki.server(ISSUING), ISSUING, published={})
    row = schema.observation_reports
    for number, document in ((1, "{"), (2, '{"report": {"record": {"judgement": {"trusted": true}}}}')):
        change = update(row).where(row.c.observation_id == number).values(document=packed(document))
        office.workspace.submit(partial(_executed, change)).result()

    found, judged = _asked_of(office, side(), side().without(ONE.sha256))

    assert (len(found.partners), judged) == (2, 2)


def test_a_cancelled_impact_says_nothing(office: Office) -> None:
    for number in range(30):
        office.saw(f"Partner {number}", pki.server(ISSUING), ISSUING)
    with ThreadPoolExecutor(1) as canceller:
        jobs: list[Job[Impact]] = []

        def stop(done: int, _total: int) -> None:
            if done:
                canceller.submit(jobs[0].cancel).result()

        jobs.append(
            office.impact.impact(
                msg("A change"), lambda: (side(), side().without(ONE.sha256)), on_progress=stop
            )
        )
        with pytest.raises(CancelledByPersonError):
            jobs[0].future.result()


def test_by_its_key_every_certificate_of_an_anchor_goes() -> None:
    again = pki.root("Root One", key=ONE.key, not_after=NOW + timedelta(days=5000))
    trusting = side(pki.trust_list(ONE, again, TWO, called="pilot"))

    by_certificate = trusting.without(ONE.sha256).lists[0]
    by_key = trusting.without(ONE.sha256, spki_sha256=outline(ONE.der).spki_sha256).lists[0]

    assert [one.sha256 for one in by_certificate.anchors] == [again.sha256, TWO.sha256]
    assert by_certificate.distrusted == ()
    assert [one.sha256 for one in by_key.anchors] == [TWO.sha256]
    assert [one.spki_sha256 for one in by_key.distrusted] == [outline(ONE.der).spki_sha256]
    between = trusting.without(ISSUING.sha256).lists[0]
    assert [(one.sha256, one.spki_sha256) for one in between.distrusted] == [(ISSUING.sha256, None)]


def test_who_loses_comes_first(office: Office) -> None:
    other = pki.root("Root Three", not_after=LONG)
    office.saw("Alpha", pki.server(other))
    office.saw("Zeta", pki.server(ISSUING), ISSUING)

    found = office.compare(side(), side(pki.trust_list(other, TWO, called="pilot")))

    assert [(one.partner, one.loses) for one in found.partners] == [("Zeta", True), ("Alpha", False)]
    gained: AffectedChain = found.partners[1]
    assert words(gained.why) == "Its root Root Three comes onto the list pilot."


def test_paths_of_today_are_of_those_who_are_trusted(office: Office) -> None:
    below = pki.server(ISSUING)
    office.saw("Nordwind", below, ISSUING)
    office.saw("Expired", pki.server(ISSUING, not_after=NOW - timedelta(days=3)), ISSUING)
    office.own = {"halden-client": (pki.client(TWO).facts,)}

    found = office.impact.paths(side).future.result()

    assert [(one.subject.partner or one.subject.identity, one.between[-1].sha256) for one in found] == [
        ("Nordwind", ONE.sha256),
        ("halden-client", TWO.sha256),
    ]
    assert found[0].certificates == (below.sha256, ISSUING.sha256, ONE.sha256)
