"""What the commands on requests share: the workspace, its cases, and which request is meant."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from trustdesk.cli.opening import STANDARD_INPUT, of_file, opened, require_readable
from trustdesk.core.certificate_request import RequestCase, RequestPurpose
from trustdesk.core.errors import UnusableInputError
from trustdesk.core.inspection import CsrFacts
from trustdesk.core.message import Message, msg
from trustdesk.services.clock import SystemClock
from trustdesk.services.request_cases import RequestCases
from trustdesk.services.workspace_keys import WorkspaceKeys, open_keys
from trustdesk.services.workspaces import open_workspace
from trustdesk.storage.places import WorkspacePlace, has_workspace
from trustdesk.verify.profiles.context import CsrSubject
from trustdesk.verify.profiles.csr_rules import purpose_of_request
from trustdesk.verify.profiles.rule import UnreadablePartError


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCases:
    """A workspace's cases, and its key stores: the vault is shut until whoever needs a key in it opens it."""

    cases: RequestCases
    keys: WorkspaceKeys = field(repr=False)


@contextlib.contextmanager
def open_cases(folder: WorkspacePlace | None) -> Iterator[OpenCases]:
    """Open the requests of a workspace; None is the person's own.

    Raises:
        EnvironmentFailureError: the workspace cannot be opened.
    """
    clock = SystemClock()
    with (
        open_workspace(folder) as workspace,
        contextlib.closing(open_keys(workspace, clock)) as keys,
    ):
        yield OpenCases(cases=RequestCases(workspace, keys.stores, clock), keys=keys)


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedRequest:
    """A request that a command is about.

    Attributes:
        case: None for one that is only a file.
        title: what it is called: its case, or its file.
    """

    csr: CsrFacts = field(repr=False)
    title: str
    case: RequestCase | None


def named_request(workspace: WorkspacePlace | None, name: str) -> NamedRequest:
    """Return the request in a file, or the case of a name where there is no such file.

    Raises:
        UnusableInputError: there is neither, or the file holds no request.
    """
    file = Path(name)
    if file == STANDARD_INPUT or file.exists():
        csr = request_in(file)
        if has_workspace(workspace):
            with open_cases(workspace) as found:
                same = (one for one in found.cases.cases() if one.request.sha256 == csr.sha256)
                return NamedRequest(csr=csr, title=name, case=next(same, None))
        return NamedRequest(csr=csr, title=name, case=None)
    if not has_workspace(workspace):
        raise UnusableInputError(
            msg("There is no such file, and no request of that name."),
            remedy=msg("Name a file with a request (CSR), or a request of the workspace."),
            place=name,
        )
    with open_cases(workspace) as found:
        case = found.cases.named(name)
        return NamedRequest(csr=case.request, title=case.name, case=case)


def request_in(file: Path) -> CsrFacts:
    """Return the one request in a file.

    Raises:
        UnusableInputError: there is none, or there are several, or it cannot be read.
    """
    inspection = opened((file,), _no_password)
    require_readable(inspection, file)
    found = [item.csr for item in of_file(inspection, file).items if item.csr is not None]
    if len({one.sha256 for one in found}) != 1:
        raise UnusableInputError(
            msg("There is no certificate request in it.")
            if not found
            else msg("There are {count} certificate requests in it.", count=len(found)),
            remedy=msg("Name a file with one request (CSR), PEM or DER."),
            place=str(file),
        )
    return found[0]


def purpose_option_of(csr: CsrFacts, option: str | None, case: RequestCase | None) -> RequestPurpose:
    """Return the purpose that was named, else that of the case, else what the request says of itself."""
    if option is not None:
        return RequestPurpose(option)
    if case is not None:
        return case.purpose
    try:
        purpose = purpose_of_request(CsrSubject(csr))
    except UnreadablePartError:
        purpose = None
    return RequestPurpose.FREE if purpose is None else RequestPurpose(purpose.value)


def _no_password(_subject: Message) -> None:
    return None
