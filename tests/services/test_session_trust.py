"""By what a session judges: the workspace's lists and a person's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pytest

from tests.support import pki
from tests.support.kept_lists import a_distrust, a_policy, a_version
from tests.support.pki import HOST, NOW, Issued
from trustdesk.core.errors import EnvironmentFailureError
from trustdesk.core.message import msg
from trustdesk.core.trust import TrustList
from trustdesk.core.trust_entry import EntryStatus
from trustdesk.services.kept_trust import KeptTrust
from trustdesk.services.lists_in_force import vouching
from trustdesk.services.session_trust import SessionTrust
from trustdesk.verify.judge import PathJudge

WEB, ONE, TWO = pki.root("Web"), pki.root("One"), pki.root("Two")
CERTIFI = pki.trust_list(WEB, called="certifi")


@dataclass
class Kept:
    """A workspace that changes."""

    kept: KeptTrust

    def __call__(self) -> KeptTrust:
        return self.kept


def trusted(lists: Sequence[TrustList], root: Issued) -> bool:
    return PathJudge(lists).judge_server([pki.server(root).der], HOST, NOW).trusted


BOTH = KeptTrust(
    versions=(a_version(ONE, name="one"), a_version(TWO, name="two")),
    in_force=("one",),
    builtin_in_force=False,
)


def test_without_lists_of_the_workspace_the_first_that_was_given_judges() -> None:
    trust = SessionTrust([CERTIFI, pki.trust_list(ONE, called="file")], Kept(KeptTrust()))
    assert trust.in_force == ("certifi",)
    assert [one.name for one in trust.lists] == ["certifi", "file"]


def test_lists_in_force_come_first_and_judge_together_with_the_builtin_one() -> None:
    trust = SessionTrust([CERTIFI], Kept(replace(BOTH, builtin_in_force=True)))
    assert trust.in_force == ("one", "certifi")
    assert [one.name for one in trust.lists] == ["one", "certifi", "two"]
    assert trusted(trust.judging(), ONE)
    assert trusted(trust.judging(), WEB)
    assert not trusted(trust.judging(), TWO)
    assert trusted(trust.judging(("two",)), TWO)
    assert not trusted(trust.judging(("two",)), ONE)


def test_first_in_force_means_all_in_force_unless_it_is_meant_exactly() -> None:
    trust = SessionTrust([CERTIFI], Kept(replace(BOTH, builtin_in_force=True)))
    assert trusted(trust.judging(("one",)), WEB)
    assert not trusted(trust.judging(("one",), exactly=True), WEB)


def test_what_is_selected_judges_alone_until_the_workspace_puts_others_in_force() -> None:
    source = Kept(BOTH)
    trust = SessionTrust([CERTIFI], source)
    assert trust.use("certifi").name == "certifi"
    assert trust.in_force == ("certifi",)
    source.kept = replace(BOTH, decisions=(a_distrust(WEB),))
    trust.read_again()
    assert trust.in_force == ("certifi",)
    assert not trusted(trust.judging(), WEB), "what was decided holds for it as well"
    source.kept = replace(BOTH, in_force=("two",))
    trust.read_again()
    assert trust.in_force == ("two",)
    with pytest.raises(KeyError):
        trust.use("nobody")


def test_what_one_list_in_force_distrusts_the_other_does_not_trust_when_it_is_named() -> None:
    against = a_version(name="one")
    content = a_version(TWO).content
    entry = replace(content.entries[0], status=EntryStatus.DISTRUSTED)
    against = replace(against, content=replace(against.content, entries=(entry,)))
    kept = KeptTrust(versions=(against, a_version(TWO, name="two")), in_force=("one", "two"))
    trust = SessionTrust([CERTIFI], Kept(kept))
    assert not trusted(trust.judging(), TWO)
    assert not trusted(trust.judging(("two",)), TWO)
    # The Inspector says by these what stands on a list; a CA that is distrusted is no anchor for it.
    assert [vouching(one, NOW) for one in trust.lists] == [frozenset()] * 2 + [frozenset({WEB.sha256})]


def test_file_of_the_name_of_a_list_of_the_workspace_gets_another() -> None:
    trust = SessionTrust([CERTIFI], Kept(BOTH))
    assert trust.add(pki.trust_list(WEB, called="one")).name == "one 2"
    assert trust.add(pki.trust_list(TWO, called="file")).name == "file"
    assert trust.add(pki.trust_list(WEB, called="file")).name == "file"
    assert trusted(trust.judging(("file",)), WEB)


def test_damaged_workspace_judges_nothing() -> None:
    def damaged() -> KeptTrust:
        raise EnvironmentFailureError(msg("A record is damaged."), remedy=msg("Restore it."))

    trust = SessionTrust([CERTIFI], damaged)
    with pytest.raises(EnvironmentFailureError):
        trust.judging()


def test_policy_narrows_a_list_that_a_person_names() -> None:
    kept = replace(BOTH, policies=(a_policy("A", WEB, only_cas=(TWO.sha256,)),))
    trust = SessionTrust([CERTIFI], Kept(kept))
    assert trusted(trust.judging(("two",), ("A",)), TWO)
    assert not trusted(trust.judging((), ("A",)), ONE)
    assert not trusted(trust.judging(("certifi",), ("A",)), WEB)
    assert trusted(trust.judging((), ("B",)), ONE)


def test_decision_holds_against_a_private_root_where_nothing_else_judges() -> None:
    kept = KeptTrust(policies=(a_policy("A", WEB),), decisions=(a_distrust(WEB),))
    trust = SessionTrust([], Kept(kept))
    assert not trusted(trust.judging((), ("A",)), WEB)
    undecided = SessionTrust([], Kept(replace(kept, decisions=())))
    assert trusted(undecided.judging((), ("A",)), WEB)
