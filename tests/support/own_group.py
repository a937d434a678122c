"""A real desk with a closed group of its own: a private CA in force as the list, and an identity below it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from tests.support.memory_secrets import MemorySecrets
from trustdesk.core.certificate_request import RequestDraft, RequestPurpose
from trustdesk.core.key_store import KeyStoreKind
from trustdesk.core.private_ca import AuthorityDraft, PrivateAuthority
from trustdesk.network.web_proxy import NoProxy
from trustdesk.services.clock import SystemClock
from trustdesk.services.live_desk import LiveDesk
from trustdesk.storage.workspace import Workspace

TIMEOUT_S = 30


def desk_of(secrets: MemorySecrets, folder: Path) -> LiveDesk:
    return LiveDesk(
        workspace=Workspace.open(folder / "workspace"),
        trust_lists=(),
        identities={},
        clock=SystemClock(),
        proxies=NoProxy(),
        keyring=secrets,
    )


def member_of_a_group(desk: LiveDesk, folder: Path) -> PrivateAuthority:
    """Make a CA and an identity below it, and put its root in force as the list."""
    ca = desk.authority_desk.create(AuthorityDraft(name="Group")).future.result(TIMEOUT_S)
    draft = RequestDraft(
        name="acme", purpose=RequestPurpose.CLIENT, one_record_ids=("https://1r.acme.example/ACME",)
    )
    (case,) = desk.identity_desk.make_requests([draft], KeyStoreKind.KEYRING).future.result(TIMEOUT_S)
    issued = desk.authority_desk.issue(
        ca.id, case.request, RequestPurpose.CLIENT, validity=timedelta(days=90)
    ).future.result(TIMEOUT_S)
    chain = desk.authority_desk.save_chain(ca.id, issued.certificate.sha256, folder / "acme.pem")
    (reply,) = desk.identity_desk.match([chain.result(TIMEOUT_S)]).result(TIMEOUT_S)
    desk.identity_desk.accept(reply).future.result(TIMEOUT_S)
    in_force(desk, ca, folder)
    return ca


def in_force(desk: LiveDesk, ca: PrivateAuthority, folder: Path) -> None:
    root = desk.authority_desk.save_root(ca.id, folder / "root.pem").result(TIMEOUT_S)
    opened = desk.open_trust_list(root).result(TIMEOUT_S)
    desk.use_trust_list(opened.name).result(TIMEOUT_S)
