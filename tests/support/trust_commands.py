"""`trustdesk trust …` in this process, on a workspace of its own with a keyring in memory."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.support import pki
from tests.support.command import Ran, trustdesk
from tests.support.pki import Issued
from tests.support.probes import record
from tests.support.trust_lab import pilot_14, pilot_15, pilot_pki, signed_json
from trustdesk.core.target import parse_target
from trustdesk.core.trust_version import ListContent
from trustdesk.formats.list_json_writing import json_list
from trustdesk.services.reporting import report_on
from trustdesk.services.workspaces import open_workspace
from trustdesk.storage.directory import Directory

NAME = "pilot"
NOW = datetime.now(UTC).replace(microsecond=0)
"""Commands judge for the present: what tests import must not have expired by then."""


def fresh(content: ListContent) -> ListContent:
    """Return a list whose next version is not due yet."""
    return replace(content, issued_at=NOW - timedelta(days=2), next_update=NOW + timedelta(days=90))


class TrustCommands:
    """Runs commands on one workspace."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.space = folder / "workspace"

    def run(self, *arguments: object, json: bool = False) -> Ran:
        """Run `trustdesk trust …`."""
        ran = trustdesk("trust", *arguments, "--workspace", self.space, *(["--json"] if json else []))
        assert "Traceback" not in ran.err
        return ran

    def document(self, *arguments: object, status: int = 0) -> dict[str, Any]:
        """Run it with --json, and return the document."""
        ran = self.run(*arguments, json=True)
        assert ran.status == status, (ran.err, ran.out)
        return ran.document

    def file(self, data: bytes, name: str = "list.json") -> Path:
        """Write a file beside the workspace."""
        file = self.folder / name
        file.write_bytes(data)
        return file

    def plain(self, content: ListContent | None = None, name: str = "plain.json") -> Path:
        """An unsigned list."""
        return self.file(json_list(fresh(content or pilot_14())), name)

    def signed(self, content: ListContent | None = None, name: str = "signed.json") -> Path:
        """A list that the pilot's office signed."""
        return self.file(signed_json(fresh(content or pilot_14())), name)

    def applied(self, *, name: str = NAME) -> TrustCommands:
        """Have version 1 of the pilot applied, with its signer pinned."""
        signer = pilot_pki().signer.facts.sha256
        ran = self.run("import", self.signed(), "--name", name, "--signer", signer, "--apply")
        assert ran.status == 0, ran.err
        return self

    def next_version(self) -> Path:
        """The version that follows, signed by the same."""
        return self.signed(pilot_15(), "next.json")

    @property
    def number_applied(self) -> int | None:
        """Number of the version of the pilot that is applied."""
        lists = self.document("list")["lists"]
        (found,) = [one["applied"] for one in lists if one["name"] == NAME]
        assert found is None or isinstance(found, int)
        return found

    def saw(self, partner: str, *chain: Issued) -> int:
        """Let a partner have shown a chain; return its endpoint, which is made at the first."""
        with open_workspace(self.space) as workspace:
            directory = Directory(workspace)
            known = [one for one in directory.endpoints().result() if one.partner == partner]
            endpoint = known[0] if known else directory.add_endpoint(partner, parse_target(pki.HOST)).result()
            shown = record(f"https://{pki.HOST}", presented_chain=tuple(one.facts for one in chain))
            at = NOW + timedelta(seconds=len(known))
            directory.record_report(endpoint.id, report_on(replace(shown, started_at=at))).result()
        return endpoint.id


def server_of(issuer: Issued) -> Issued:
    """A server's certificate that has not expired for the present."""
    return pki.server(issuer, not_before=NOW - timedelta(days=5), not_after=NOW + timedelta(days=80))
