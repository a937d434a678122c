"""What is judged by is what the trust log tells; what another program changed judges nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import Executable, delete, insert, text, update

from tests.support.trust_content import AT, change, content, distrust, limit, named_only, note, source
from trustdesk.core.errors import EnvironmentFailureError
from trustdesk.core.target import parse_target
from trustdesk.core.trust_decision import DecisionKind, PartnerPolicy
from trustdesk.core.trust_version import VersionState
from trustdesk.formats.trust_records import decision_text
from trustdesk.storage import schema
from trustdesk.storage.directory import Directory
from trustdesk.storage.sealing import NO_SEALER, KeySealer
from trustdesk.storage.trust_decisions import TrustDecisions
from trustdesk.storage.trust_in_force import TrustInForce, trust_in_force
from trustdesk.storage.trust_lists import TrustLists
from trustdesk.storage.trust_log import seal_newest
from trustdesk.storage.trust_log_book import TrustLogBook
from trustdesk.storage.workspace import Workspace

ENTRIES = schema.trust_list_entries
VERSIONS = schema.trust_list_versions


def read(workspace: Workspace) -> TrustInForce:
    return trust_in_force(workspace, lambda: NO_SEALER).result()


def apply(workspace: Workspace, base: int | None, *, number: int | None = None) -> None:
    lists = TrustLists(workspace)
    if number is not None:
        lists.apply("partners", number, base=base, note=note(), in_force=True).result()
        return
    lists.keep(
        "partners",
        content([named_only(base or 0)], None),
        source(),
        state=VersionState.APPLIED,
        base=base,
        note=note(),
        in_force=True,
    ).result()


@pytest.fixture
def filled(workspace: Workspace) -> Workspace:
    """A workspace with a list of two versions, a policy, a distrust and a limit."""
    apply(workspace, None)
    apply(workspace, 1)
    decisions = TrustDecisions(workspace)
    decisions.decide(distrust(), note()).result()
    decisions.decide(limit("aa" * 32), note()).result()
    Directory(workspace).add_endpoint("Nordwind", parse_target("https://1r.example/")).result()
    decisions.set_policy(PartnerPolicy(partner="Nordwind", only_cas=("ab" * 32,)), note()).result()
    return workspace


def decide_again(workspace: Workspace) -> None:
    TrustDecisions(workspace).decide(distrust(), note()).result()


def withdraw(workspace: Workspace) -> None:
    TrustDecisions(workspace).withdraw("bb" * 32, note()).result()


def set_again(workspace: Workspace) -> None:
    policy = PartnerPolicy(partner="Nordwind", only_cas=("cd" * 32,))
    TrustDecisions(workspace).set_policy(policy, note()).result()


def put_again(workspace: Workspace) -> None:
    TrustLists(workspace).put_in_force(["web", "partners"], note(), builtin="web").result()


OTHER = named_only(9)
FORGED = decision_text(limit("bb" * 32))

CHANGES: dict[str, tuple[Executable, Callable[[Workspace], None]]] = {
    "a distrust taken away": (
        delete(schema.local_decisions).where(schema.local_decisions.c.kind == str(DecisionKind.DISTRUST)),
        decide_again,
    ),
    "a limit put in": (
        insert(schema.local_decisions).values(
            sha256="bb" * 32, kind=str(DecisionKind.LIMIT_USAGE), decided_at=AT, document=FORGED
        ),
        withdraw,
    ),
    "a policy taken away": (delete(schema.partner_policies), set_again),
    "a policy changed": (
        text("UPDATE partner_policies SET document = replace(document, 'abab', 'cdcd')"),
        set_again,
    ),
    "an entry put in": (
        update(ENTRIES).values(
            sha256=OTHER.sha256,
            document=f'{{"entry":{{"sha256":"{OTHER.sha256}","subject":"CN=Somebody Else"}}}}',
        ),
        lambda workspace: apply(workspace, 2),
    ),
    "an older version applied": (
        text("UPDATE trust_list_versions SET state = CASE number WHEN 1 THEN 'applied' ELSE 'replaced' END"),
        lambda workspace: apply(workspace, 1, number=2),
    ),
    "a list taken out of force": (update(schema.trust_lists).values(in_force=False), put_again),
}


def test_what_the_log_tells_is_judged_by(filled: Workspace) -> None:
    found = read(filled)
    assert [one.reference for one in found.versions] == ["partners@2"]
    assert (len(found.decisions), len(found.policies)) == (2, 1)


@pytest.mark.parametrize("name", CHANGES)
def test_what_another_program_changed_judges_nothing_until_a_person_has_decided_again(
    filled: Workspace, name: str
) -> None:
    edit, decide = CHANGES[name]
    change(filled, edit)
    with pytest.raises(EnvironmentFailureError, match="not as the log tells"):
        read(filled)
    assert TrustLogBook(filled).read().result().untold
    decide(filled)
    assert read(filled).in_force == ("partners",)


def test_the_list_of_the_program_does_not_come_back_by_itself(filled: Workspace) -> None:
    lists = TrustLists(filled)
    lists.put_in_force(["partners"], note(), builtin="web").result()
    assert not read(filled).builtin_in_force
    change(filled, delete(schema.workspace_ids).where(schema.workspace_ids.c.name == "builtin_list"))
    with pytest.raises(EnvironmentFailureError, match="not as the log tells"):
        read(filled)
    lists.put_in_force(["partners", "web"], note("so be it"), builtin="web").result()
    assert read(filled).builtin_in_force


def test_what_is_not_judged_by_may_be_changed_and_is_told_of(filled: Workspace) -> None:
    first = update(VERSIONS).where(VERSIONS.c.number == 1)
    change(filled, first.values(envelope=VERSIONS.c.envelope + " "))
    assert len(read(filled).versions) == 1
    assert [dict(one.params) for one in TrustLogBook(filled).read().result().untold] == [
        {"version": "partners@1"}
    ]


@pytest.mark.parametrize("where", ["end", "middle"])
def test_a_distrust_that_is_gone_with_its_line_of_the_log_judges_nothing(
    filled: Workspace, where: str
) -> None:
    sealer = KeySealer(bytes(range(32)), "workspace")
    last = TrustDecisions(filled, lambda: sealer).decide(distrust("bb" * 32), note()).result().sha256
    filled.submit(lambda connection: seal_newest(connection, sealer)).result()
    assert trust_in_force(filled, lambda: sealer).result().decisions
    gone = last if where == "end" else "ef" * 32
    change(filled, delete(schema.local_decisions).where(schema.local_decisions.c.sha256 == gone))
    change(filled, delete(schema.trust_log).where(schema.trust_log.c.document.contains(gone)))
    with pytest.raises(EnvironmentFailureError):
        trust_in_force(filled, lambda: sealer).result()
