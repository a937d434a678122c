"""Lists of identity providers are kept with their certificates, and do not go back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from tests.support.trust_content import AT, change, note, pin, source
from trustdesk.core.errors import EnvironmentFailureError, UnusableInputError
from trustdesk.core.identity_provider import IdentityProvider, ProviderList
from trustdesk.core.trust_decision import LogAction
from trustdesk.core.trust_version import UNSIGNED
from trustdesk.formats.certificate import read_certificate
from trustdesk.storage import schema
from trustdesk.storage.provider_lists import ProviderLists
from trustdesk.storage.sealing import KeySealer
from trustdesk.storage.trust_log_book import TrustLogBook
from trustdesk.storage.workspace import Workspace

SEALER = KeySealer(bytes(range(32)), "workspace")


@pytest.fixture
def kept(workspace: Workspace) -> ProviderLists:
    return ProviderLists(workspace, lambda: SEALER)


def providers(sequence: int | None = 1, name: str = "idps") -> ProviderList:
    return ProviderList(
        name=name,
        title="Identity providers",
        providers=(
            IdentityProvider(
                issuer="https://idp.example",
                jwks_uri="https://idp.example/keys",
                algorithms=("ES256",),
                signing_certificates=(read_certificate(b"\x30\x03\x02\x01\x01"),),
                keys=('{"kty":"EC"}',),
            ),
        ),
        source=source("idps.json"),
        authenticity=UNSIGNED,
        sequence=sequence,
    )


def told(workspace: Workspace) -> list[LogAction]:
    log = TrustLogBook(workspace, lambda: SEALER).read().result()
    assert (log.broken_at, log.sealed, log.untold) == (None, True, ())
    return [line.action for line in log.entries]


def test_a_list_comes_back_as_it_was_kept(kept: ProviderLists, workspace: Workspace) -> None:
    later = note(minutes=5)
    expected = replace(providers(), imported_at=AT + timedelta(minutes=5))
    assert kept.keep(providers(), later, pin=pin()).result() == expected
    assert kept.all().result() == (expected,)
    assert kept.pin("idps").result() == pin()
    assert kept.pin("others").result() is None
    assert told(workspace) == [LogAction.SIGNER_PINNED, LogAction.APPLIED]


def test_a_newer_one_takes_the_place_and_keeps_the_pin(kept: ProviderLists, workspace: Workspace) -> None:
    kept.keep(providers(1), note(), pin=pin()).result()
    kept.keep(providers(2), note(), pin=pin()).result()
    assert [one.sequence for one in kept.all().result()] == [2]
    assert kept.pin("idps").result() == pin()
    assert told(workspace) == [LogAction.SIGNER_PINNED, LogAction.APPLIED, LogAction.APPLIED]


def test_a_lower_sequence_is_refused_and_nothing_is_changed(
    kept: ProviderLists, workspace: Workspace
) -> None:
    kept.keep(providers(2), note()).result()
    with pytest.raises(UnusableInputError, match="is older than"):
        kept.keep(providers(1), note(), pin=pin()).result()
    assert [one.sequence for one in kept.all().result()] == [2]
    assert kept.pin("idps").result() is None
    assert told(workspace) == [LogAction.APPLIED]


def test_a_removed_list_is_gone_and_told_of(kept: ProviderLists, workspace: Workspace) -> None:
    kept.keep(providers(), note(), pin=pin()).result()
    kept.remove("idps", note()).result()
    with pytest.raises(UnusableInputError, match="There is no list of identity providers"):
        kept.remove("idps", note()).result()
    assert kept.all().result() == ()
    assert told(workspace)[-1] is LogAction.REMOVED


def test_a_list_without_a_name_is_refused(kept: ProviderLists) -> None:
    with pytest.raises(UnusableInputError, match="has no name"):
        kept.keep(providers(name=" "), note()).result()


@pytest.mark.parametrize("document", ["", "{}", '{"list":{"name":1}}', "[" * 99_999])
def test_a_damaged_list_is_an_error(kept: ProviderLists, workspace: Workspace, document: str) -> None:
    kept.keep(providers(), note()).result()
    damage = update(schema.provider_lists).values(document=document)
    change(workspace, damage)
    with pytest.raises(EnvironmentFailureError):
        kept.all().result()


def test_a_signer_that_another_program_pinned_does_not_count(
    kept: ProviderLists, workspace: Workspace
) -> None:
    kept.keep(providers(), note(), pin=pin()).result()
    forged = (
        '{"pin":{"signer":"%s","list_id":"","pinned_at":"2026-11-20T00:00:00+00:00","pinned_by":"x"},'
        '"seal":%s}'
    )
    for seal in ("null", f'"{"00" * 32}"', "1"):
        edit = update(schema.provider_lists).values(pin=forged % ("ee" * 32, seal))
        change(workspace, edit)
        found = kept.pin("idps").result()
        assert found is not None
        assert (found.signer, found.sealed) == ("ee" * 32, False)
    assert TrustLogBook(workspace, lambda: SEALER).read().result().untold
