"""The demo: a desk of its own on the embedded lab, in a temporary folder that goes with it.

Its directory, and the month of tests before it began, are invented and say so.
"""

from __future__ import annotations

import importlib
import shutil
import tempfile
import weakref
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.certificate_request import RequestDraft, RequestPurpose
from trustdesk.core.key_store import KeyStoreKind, StoredKey
from trustdesk.core.ports import PdfPrinter
from trustdesk.core.private_ca import AuthorityDraft
from trustdesk.core.trust_decision import PartnerPolicy
from trustdesk.formats.certificate import read_certificate
from trustdesk.formats.credential import ClientCredential
from trustdesk.lab.pki import COMPANY_ID
from trustdesk.lab.process import LabProcess
from trustdesk.network.request import ProbeLimits
from trustdesk.network.web_proxy import NoProxy
from trustdesk.services.account import account_name
from trustdesk.services.clock import SystemClock
from trustdesk.services.demo_directory import directory_entries, spec_of
from trustdesk.services.demo_history import past_reports
from trustdesk.services.demo_keyring import DemoKeyring
from trustdesk.services.demo_list import GONE, fictional_cas
from trustdesk.services.demo_trust import LAB_LIST as LAB_LIST  # noqa: PLC0414 - faces find it beside the desk
from trustdesk.services.demo_trust import SignedList, keep_versions, signed_versions
from trustdesk.services.identities import load_identity
from trustdesk.services.live_desk import LiveDesk
from trustdesk.services.standings import kept_standing
from trustdesk.services.sweeps import usual_pace
from trustdesk.services.trust_lists import certifi_list
from trustdesk.storage.directory import Directory
from trustdesk.storage.identities import add_identity
from trustdesk.storage.key_stores import KeyStores, NewKey
from trustdesk.storage.partner_register import PartnerRegister
from trustdesk.storage.trust_log import LogNote
from trustdesk.storage.workspace import Workspace

if TYPE_CHECKING:
    from sqlalchemy import Connection

CAREFUL_PARTNER = "Tamarisk Air"
LAB_AT_ONCE = 16
"""Probes at a time: the partners of the lab live at one address, so the cap for a host is the cap for all."""
DEMO_HANDSHAKE_S = 4.0
"""The lab is near: its silent server need not be waited for as long as one across the world."""


class DemoDesk(LiveDesk):
    """A desk on the lab; closing it stops the lab and removes the workspace."""

    def __init__(
        self,
        lab: LabProcess,
        folder: Path,
        workspace: Workspace,
        lists: tuple[SignedList, ...],
        pdf_printer: PdfPrinter | None = None,
    ) -> None:
        description = lab.description
        super().__init__(
            workspace=workspace,
            trust_lists=(certifi_list(),),
            identities={},
            clock=SystemClock(),
            limits=ProbeLimits(handshake_s=DEMO_HANDSHAKE_S),
            # Its partners live on this machine, whatever the environment says of other addresses.
            proxies=NoProxy(),
            # What is silent here is so by design: once is enough.
            pace=usual_pace(per_host=LAB_AT_ONCE, tries=1),
            # Its workspace goes with it, and the person's own keyring would be left with the keys.
            keyring=DemoKeyring(),
            pdf_printer=pdf_printer,
        )
        self._lab = lab
        self._folder = folder
        credentials = {
            one.name: load_identity(Path(one.certificate_file), Path(one.key_file), name=one.name)
            for one in description.identities
        }
        self._keys.thread.run(partial(keep_identities, self._keys.stores, credentials)).future.result()
        keep_versions(workspace, self._keys.seals, lists)
        keep_trust(self, lists)
        keep_examples(self)
        self._keep_past(credentials)
        # Runs at the latest when the program ends, so that a demo that failed leaves nothing either.
        self._remove_folder = weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)

    def _keep_past(self, credentials: Mapping[str, ClientCredential]) -> None:
        """Record a month of tests that were never made, by the function that records those that were."""
        description = self._lab.description
        specs = {server.target: spec_of(server) for server in description.servers}
        endpoints = [
            (spec, one)
            for one in Directory(self._workspace).endpoints().result()
            if (spec := specs[one.target]) is not None
        ]
        reports = past_reports(
            endpoints,
            credentials,
            judge=self._session.judge(),
            clock=self._session.clock,
            folder=Path(description.trust_list).parent,
        )
        Directory(self._workspace, kept_standing).record_reports(reports).result()

    @property
    def folder(self) -> Path:
        """Of its workspace, for as long as the demo runs."""
        return self._folder

    def close(self) -> None:
        """End what runs, stop the lab, remove the workspace."""
        super().close()
        self._lab.stop()
        self._remove_folder()


def open_demo(count: int = 0, *, pdf_printer: PdfPrinter | None = None) -> DemoDesk:
    """Start a lab with `count` further healthy endpoints and open a desk with all its partners.

    Raises:
        EnvironmentFailureError: the lab or the workspace could not be made.
    """
    now = SystemClock().now().replace(microsecond=0)
    with ThreadPoolExecutor(1, thread_name_prefix="trustdesk-demo") as maker:
        # Made while the lab starts, which takes longer.
        making = maker.submit(_fictional_cas, now)
        lab = LabProcess.start(count=count)
    folder = Path(tempfile.mkdtemp(prefix="trustdesk-demo-"))
    try:
        lists = signed_versions(Path(lab.description.trust_list).parent, making.result(), now)
        workspace = Workspace.open(folder)
        entries = directory_entries(lab.description.servers)
        PartnerRegister(workspace).keep(entries, LogNote(by=account_name(), at=now)).result()
        return DemoDesk(lab, folder, workspace, lists, pdf_printer)
    except BaseException:
        lab.stop()
        shutil.rmtree(folder, ignore_errors=True)
        raise


def keep_identities(stores: KeyStores, credentials: Mapping[str, ClientCredential]) -> None:
    """Keep the lab's client identities in the key store, each with the chain that it is meant to have.

    Call it on the key stores' thread.
    """
    named = list(credentials.items())
    at = SystemClock().now()

    def also(connection: Connection, kept: tuple[StoredKey, ...]) -> None:
        for (name, credential), key in zip(named, kept, strict=True):
            add_identity(
                connection,
                name=name,
                certification_path=tuple(read_certificate(der) for der in credential.certification_path),
                key=key,
                added_at=at,
                source=name,
            )

    keys = [NewKey(private_key=credential.private_key, source=name) for name, credential in named]
    stores.put(keys, store=KeyStoreKind.KEYRING, also=also)


def keep_examples(desk: LiveDesk) -> None:
    """Ask for a renewal that no CA has answered yet, and be a small CA that issued a certificate."""
    company = f"https://onerecord.demo-forwarder.example/{COMPANY_ID}"
    renewal, member = (
        RequestDraft(name=name, purpose=RequestPurpose.CLIENT, one_record_ids=(identifier,), renews=renews)
        for name, identifier, renews in (
            ("client-good-next", company, "client-good"),
            ("group-member", f"{company}-GROUP", None),
        )
    )
    _, asked = desk.identity_desk.make_requests([renewal, member], KeyStoreKind.KEYRING).future.result()
    authority = desk.authority_desk.create(AuthorityDraft(name="Demo Group")).future.result()
    desk.authority_desk.issue(
        authority.id, asked.request, RequestPurpose.CLIENT, validity=timedelta(days=90)
    ).future.result()


def keep_trust(desk: LiveDesk, lists: tuple[SignedList, ...]) -> None:
    """Judge one partner by Root One alone, and distrust a CA that the list does not trust any more either."""
    root_one, *_ = lists[0].content.entries
    gone = next(entry for entry in lists[0].content.entries if f"CN={GONE}" in entry.subject)
    policy = PartnerPolicy(partner=CAREFUL_PARTNER, only_cas=(root_one.sha256,))
    desk.trust_desk.set_policy(policy, "agreed in the partner contract").future.result()
    desk.trust_desk.distrust(gone.sha256, "its owner lost the key").future.result()


def _fictional_cas(now: datetime) -> dict[str, CertificateFacts]:
    importlib.import_module("joserfc.jws")  # what signs takes a while to load
    return fictional_cas(now)
