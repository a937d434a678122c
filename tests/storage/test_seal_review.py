"""What the log tells is sealed anew after a person has looked; what another program changed never is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Connection, delete, select, update

from tests.support import sample_certificates
from tests.support.faulty_store import FaultyStore, trouble
from tests.support.memory_secrets import MemorySecrets
from tests.support.store_cases import opened_vault
from tests.support.trust_content import change, content, distrust, limit, note, pin, source
from trustdesk.core.errors import (
    CancelledByPersonError,
    KeyStoreError,
    KeyStoreLockedError,
    KeyStoreUnavailableError,
    UnusableInputError,
)
from trustdesk.core.identity_provider import ProviderList
from trustdesk.core.message import msg
from trustdesk.core.ports import SecretStore
from trustdesk.core.seal_review import SealedKind, SealReview
from trustdesk.core.target import parse_target
from trustdesk.core.trust_decision import LogAction, PartnerPolicy, TrustLog
from trustdesk.core.trust_version import UNSIGNED, VersionState
from trustdesk.formats.trust_records import policy_text
from trustdesk.storage import schema
from trustdesk.storage.directory import Directory
from trustdesk.storage.key_cancellation import KeyCancellation, cancellable
from trustdesk.storage.provider_lists import ProviderLists
from trustdesk.storage.seal_keys import SealKeys
from trustdesk.storage.seal_review import seal_anew, seal_review
from trustdesk.storage.sealing import NO_SEALER
from trustdesk.storage.trust_decisions import TrustDecisions
from trustdesk.storage.trust_lists import TrustLists
from trustdesk.storage.trust_log_book import TrustLogBook
from trustdesk.storage.workspace import Workspace

PARTNERS = ("Halden", "Nordwind")


def keys(workspace: Workspace, stores: Sequence[SecretStore]) -> SealKeys:
    return SealKeys(workspace, stores, workspace.folder / "keys.lock")


def policy(partner: str, **fields: object) -> PartnerPolicy:
    root = sample_certificates.root("Halden Private Root")
    return replace(PartnerPolicy(partner=partner, private_roots=(root,), by="ada"), **fields)  # type: ignore[arg-type]


def everything(workspace: Workspace, seals: SealKeys) -> None:
    """Decide something of every kind that has a seal."""
    lists, decisions = TrustLists(workspace, seals.current), TrustDecisions(workspace, seals.current)
    seals.get(may_ask=False)
    lists.keep(
        "partners",
        content([]),
        source(),
        state=VersionState.APPLIED,
        base=None,
        note=note(),
        in_force=True,
        pin=pin(),
    ).result()
    idps = ProviderList(name="idps", title="Providers", source=source(), authenticity=UNSIGNED, providers=())
    ProviderLists(workspace, seals.current).keep(idps, note(), pin=pin("ab" * 32)).result()
    for number, partner in enumerate(PARTNERS):
        Directory(workspace).add_endpoint(partner, parse_target(f"https://{number}.example/")).result()
        decisions.set_policy(policy(partner), note()).result()
    decisions.decide(distrust(), note()).result()
    decisions.decide(limit("aa" * 32), note()).result()


def log(workspace: Workspace, seals: SealKeys) -> TrustLog:
    return TrustLogBook(workspace, seals.current).read().result()


def review(workspace: Workspace, seals: SealKeys) -> SealReview:
    sealer = seals.looked_for()
    return workspace.submit(lambda connection: seal_review(connection, sealer)).result()


def mend(seals: SealKeys, seen: SealReview, comment: str = "a new machine") -> SealReview:
    return seals.anew(
        lambda connection, sealer, is_new: seal_anew(
            connection, sealer, seen, note(comment), is_new_key=is_new
        )
    )


def sealed(workspace: Workspace, seals: SealKeys) -> dict[str, bool | None]:
    return {f"{one.kind} {one.name}": one.sealed for one in review(workspace, seals).items}


@pytest.fixture
def secrets() -> MemorySecrets:
    return MemorySecrets()


@pytest.fixture
def lost(workspace: Workspace, secrets: MemorySecrets) -> SealKeys:
    """Everything is sealed, and the keyring is emptied."""
    everything(workspace, keys(workspace, [secrets]))
    secrets.texts.clear()
    return keys(workspace, [secrets])


def test_what_the_log_tells_is_sealed_with_a_new_key_and_holds_from_then_on(
    workspace: Workspace, lost: SealKeys, secrets: MemorySecrets
) -> None:
    seen = review(workspace, lost)
    assert (seen.has_key, seen.log_sealed, seen.cut, seen.left_out) == (False, None, None, ())
    assert secrets.texts == {}, "looking makes no key"
    assert [(one.kind, one.name) for one in seen.due] == [
        (SealedKind.PIN, "partners"),
        (SealedKind.PROVIDER_PIN, "idps"),
        (SealedKind.DECISION, "aa" * 32),
        (SealedKind.DECISION, "ef" * 32),
        (SealedKind.POLICY, "Halden"),
        (SealedKind.POLICY, "Nordwind"),
    ]
    assert all(one.line is not None and one.line.by == "ada" for one in seen.due)
    after = mend(lost, seen)
    assert after.holds
    line = log(workspace, lost).entries[-1]
    assert (line.action, line.comment, line.fingerprint) == (
        LogAction.SEALED_ANEW,
        "a new machine",
        seen.head,
    )
    assert dict(line.details) == {"sealed": "6", "key": "new"}
    again = keys(workspace, [secrets])
    again.get(may_ask=False)
    assert set(sealed(workspace, again).values()) == {True}
    assert (log(workspace, again).sealed, log(workspace, again).untold) == (True, ())
    decisions = TrustDecisions(workspace, again.current)
    assert [one.sealed for one in decisions.policies().result()] == [True, True]
    decisions.decide(distrust("bb" * 32), note()).result()
    assert log(workspace, again).sealed is True, "the next line is sealed as well"


# On a server another machine may have the key, and none is made in its place (`test_shared_keys`).
@pytest.mark.parametrize("on", ["sqlite"], indirect=True)
def test_a_new_key_that_another_deed_made_does_not_count_until_a_person_has_looked(
    workspace: Workspace, lost: SealKeys
) -> None:
    lost.get(may_ask=True)
    assert log(workspace, lost).sealed is False
    seen = review(workspace, lost)
    assert (seen.has_key, seen.log_sealed, {one.sealed for one in seen.items}) == (True, False, {False})
    assert mend(lost, seen).holds
    assert dict(log(workspace, lost).entries[-1].details)["key"] == "known"


def test_a_policy_that_another_program_changed_is_not_sealed_and_is_named(
    workspace: Workspace, lost: SealKeys
) -> None:
    evil = policy_text(policy("Halden", reason="trust me"))
    number = select(schema.partners.c.id).where(schema.partners.c.name == "Halden").scalar_subquery()
    this = schema.partner_policies.c.partner_id == number
    change(workspace, update(schema.partner_policies).where(this).values(document=evil))
    seen = review(workspace, lost)
    assert [(one.kind, one.name) for one in seen.left_out] == [(SealedKind.POLICY, "Halden")]
    assert [one.params for one in seen.untold] == [(("partner", "Halden"),)]
    after = mend(lost, seen)
    assert sealed(workspace, lost)["policy Halden"] is False
    assert sealed(workspace, lost)["policy Nordwind"] is True
    assert after.left_out[0].name == "Halden"
    read = log(workspace, lost)
    assert dict(read.entries[-1].details)["left_out"] == "policy Halden"
    assert (read.sealed, len(read.untold)) == (True, 1)


@pytest.mark.parametrize("what", ["swapped", "slipped in", "pin", "limit"])
def test_nothing_that_the_log_does_not_tell_is_sealed(
    workspace: Workspace, lost: SealKeys, what: str
) -> None:
    match what:
        case "swapped":  # a policy is another partner's
            for old, new in (("Halden", "x"), ("Nordwind", "Halden"), ("x", "Nordwind")):
                rename = update(schema.partners).where(schema.partners.c.name == old)
                change(workspace, rename.values(name=new))
            expected = {"policy Halden", "policy Nordwind"}
        case "slipped in":
            evil = TrustDecisions(workspace)
            evil.decide(distrust("cc" * 32), note()).result()
            last = select(schema.trust_log.c.number).order_by(schema.trust_log.c.number.desc()).limit(1)
            change(
                workspace,
                delete(schema.trust_log).where(schema.trust_log.c.number == last.scalar_subquery()),
            )
            expected = {f"decision {'cc' * 32}"}
        case "pin":
            kept = select(schema.provider_lists.c.pin).scalar_subquery()
            change(workspace, update(schema.trust_lists).values(pin=kept))
            expected = {"pin partners"}
        case _:
            this = schema.local_decisions.c.kind == "limit_usage"
            document = schema.local_decisions.c.document + " "
            change(workspace, update(schema.local_decisions).where(this).values(document=document))
            expected = {f"decision {'aa' * 32}"}
    seen = review(workspace, lost)
    assert {f"{one.kind} {one.name}" for one in seen.left_out} == expected
    mend(lost, seen)
    found = sealed(workspace, lost)
    assert {name for name, holds in found.items() if holds is not True} == expected


def test_what_changed_after_a_person_looked_is_not_sealed(workspace: Workspace, lost: SealKeys) -> None:
    seen = review(workspace, lost)
    TrustDecisions(workspace).set_policy(policy("Halden", reason="slipped in"), note()).result()
    with pytest.raises(UnusableInputError, match="Something was changed"):
        mend(lost, seen)
    assert True not in sealed(workspace, lost).values()
    assert log(workspace, lost).entries[-1].action is LogAction.POLICY_SET


def test_a_key_that_is_found_only_later_makes_a_person_look_again(
    workspace: Workspace, secrets: MemorySecrets
) -> None:
    first = keys(workspace, [secrets])
    everything(workspace, first)
    cut_off(workspace)
    kept = dict(secrets.texts)
    secrets.texts.clear()
    seals = keys(workspace, [secrets])
    seen = review(workspace, seals)
    assert seen.cut is None, "without the key it cannot be seen"
    secrets.texts.update(kept)
    with pytest.raises(UnusableInputError, match="Something was changed"):
        mend(seals, seen)
    now = review(workspace, seals)
    assert now.cut == msg("The end of the trust log was cut off.")
    assert mend(seals, now).holds
    assert log(workspace, seals).sealed is True


def cut_off(workspace: Workspace) -> None:
    """Take the last decision away with its line, as somebody would who knows how."""

    def cut(connection: Connection) -> None:
        last = select(schema.trust_log.c.number).order_by(schema.trust_log.c.number.desc()).limit(1)
        number = connection.execute(last).scalar_one()
        connection.execute(delete(schema.trust_log).where(schema.trust_log.c.number == number))
        connection.execute(delete(schema.local_decisions).where(schema.local_decisions.c.sha256 == "aa" * 32))

    workspace.submit(cut).result()


def test_what_a_broken_chain_tells_is_not_sealed(workspace: Workspace, lost: SealKeys) -> None:
    this = schema.trust_log.c.number == 2
    change(workspace, update(schema.trust_log).where(this).values(hash="0" * 64))
    seen = review(workspace, lost)
    assert (seen.chain_broken_at, seen.due) == (2, ())
    with pytest.raises(UnusableInputError, match="chain of the log is broken"):
        mend(lost, seen)
    assert True not in sealed(workspace, lost).values()


def test_where_all_seals_hold_there_is_nothing_to_do(workspace: Workspace, secrets: MemorySecrets) -> None:
    seals = keys(workspace, [secrets])
    everything(workspace, seals)
    seen = review(workspace, seals)
    assert seen.holds
    with pytest.raises(UnusableInputError, match="nothing to seal anew"):
        mend(seals, seen)
    assert log(workspace, seals).entries[-1].action is LogAction.USAGE_LIMITED


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize(("call", "number"), [("get", 1), ("set", 1), ("get", 2), ("set", 2)])
def test_what_ends_halfway_is_sealed_whole_or_not_at_all(
    workspace: Workspace, lost: SealKeys, secrets: MemorySecrets, call: str, number: int, moment: str
) -> None:
    """A kill at a call to the store is a failure there, after which nothing is tidied up."""
    seen = review(workspace, lost)
    store = FaultyStore(secrets)

    def fail(seen: str) -> None:
        if seen == call and store.calls.count(call) == number:
            raise trouble()

    setattr(store, moment, fail)
    killed = keys(workspace, [store])
    try:
        mend(killed, seen)
    except KeyStoreError:
        found = set(sealed(workspace, keys(workspace, [secrets])).values())
        assert found <= {None, False}, "a key at most, and nothing that is sealed with it"
        mend(keys(workspace, [secrets]), review(workspace, keys(workspace, [secrets])))
    again = keys(workspace, [secrets])
    again.get(may_ask=False)
    assert set(sealed(workspace, again).values()) == {True}
    assert log(workspace, again).sealed is True
    assert len(secrets.texts) == 2


def test_whoever_gives_up_has_sealed_nothing(
    workspace: Workspace, lost: SealKeys, secrets: MemorySecrets
) -> None:
    seen = review(workspace, lost)
    cancellation = KeyCancellation()
    store = FaultyStore(secrets)

    def give_up(_call: str) -> None:
        cancellation.cancel()

    store.after = give_up
    with cancellable(cancellation), pytest.raises(CancelledByPersonError):
        mend(keys(workspace, [store]), seen)
    assert True not in sealed(workspace, keys(workspace, [secrets])).values()
    assert log(workspace, lost).entries[-1].action is LogAction.USAGE_LIMITED


def test_a_damaged_record_makes_way_for_a_new_key(
    workspace: Workspace, lost: SealKeys, secrets: MemorySecrets
) -> None:
    secrets.texts[f"trustdesk:seal:{store_id(workspace)}:key"] = "TDS1|"
    assert mend(lost, review(workspace, lost)).holds
    again = keys(workspace, [secrets])
    again.look()
    assert log(workspace, again).sealed is True


def store_id(workspace: Workspace) -> str:
    found = select(schema.workspace_ids.c.value).where(schema.workspace_ids.c.name == "key_store")
    return str(workspace.submit(lambda connection: connection.execute(found).scalar_one()).result())


def test_a_vault_that_holds_the_key_has_to_be_opened_and_no_other_key_is_made(
    workspace: Workspace, secrets: MemorySecrets, tmp_path: Path
) -> None:
    vault = opened_vault(tmp_path, make=True)
    everything(workspace, keys(workspace, [vault]))
    vault.lock()
    later = keys(workspace, [secrets, vault])
    with pytest.raises(KeyStoreLockedError):
        later.looked_for()
    seen = workspace.submit(lambda connection: seal_review(connection, NO_SEALER)).result()
    with pytest.raises(KeyStoreLockedError):
        mend(later, seen)
    assert secrets.texts == {}


def test_a_machine_without_a_keyring_seals_in_the_vault_that_a_person_made(
    workspace: Workspace, secrets: MemorySecrets, tmp_path: Path
) -> None:
    everything(workspace, keys(workspace, [secrets]))
    away = FaultyStore(secrets)
    away.is_reachable = False
    headless = keys(workspace, [away])
    seen = review(workspace, headless)
    with pytest.raises(KeyStoreUnavailableError):
        mend(headless, seen)
    vault = opened_vault(tmp_path, make=True)
    there = keys(workspace, [away, vault])
    assert mend(there, review(workspace, there)).holds
    again = keys(workspace, [away, vault])
    again.look()
    assert log(workspace, again).sealed is True
    vault.lock()


# On a server another machine may have the key, and none is made in its place (`test_shared_keys`).
@pytest.mark.parametrize("on", ["sqlite"], indirect=True)
def test_a_lost_key_is_told_from_a_locked_keyring(workspace: Workspace, secrets: MemorySecrets) -> None:
    everything(workspace, keys(workspace, [secrets]))
    seals = keys(workspace, [secrets])
    secrets.is_locked = True
    seals.look()
    assert not seals.is_lost()
    secrets.is_locked = False
    seals.look()
    assert not seals.is_lost()
    secrets.texts.clear()
    emptied = keys(workspace, [secrets])
    emptied.look()
    assert emptied.is_lost()
