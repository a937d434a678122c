"""What the URIs of a trusted list mean for us: service types, their extensions, statuses.

Source: ETSI TS 119 612 5.5.1, 5.5.4, 5.5.9, annex D
"""

from __future__ import annotations

from datetime import datetime

from trustdesk.core.trust_entry import EntryStatus, StatusChange, Usage
from trustdesk.formats.etsi_document import Node, instant

_TYPES = "http://uri.etsi.org/TrstSvc/Svctype/"
_EXTENSIONS = "http://uri.etsi.org/TrstSvc/TrustedList/SvcInfoExt/"
_STATUSES = (
    "http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/",
    "http://uri.etsi.org/TrstSvc/eSigDir-1999-93-EC-TrustedList/Svcstatus/",
    "http://uri.etsi.org/TrstSvc/Svcstatus/",
)

_ISSUING = frozenset({"CA/QC", "NationalRootCA-QC"})
_NOT_OF_OURS = (
    "TSA",
    "Certstatus",
    "QESValidation",
    "PSES",
    "EDS",
    "REMS",
    "REM",
    "RA",
    "IdV",
    "Archiv",
    "KEscrow",
)
"""Beginnings of types of services that issue no certificates for servers, clients or identity providers."""

_LIST_ISSUERS = frozenset({"TLIssuer"})
_NOTHING: frozenset[Usage] = frozenset()

_STATUS = {
    "granted": EntryStatus.TRUSTED,
    "withdrawn": EntryStatus.WITHDRAWN,
    "recognisedatnationallevel": EntryStatus.TRUSTED,
    "deprecatedatnationallevel": EntryStatus.WITHDRAWN,
    # Of lists before 2016-07, and of histories since.
    "setbynationallaw": EntryStatus.TRUSTED,
    "deprecatedbynationallaw": EntryStatus.WITHDRAWN,
    "undersupervision": EntryStatus.TRUSTED,
    "accredited": EntryStatus.TRUSTED,
    # It is being wound up: nobody says any more what it may still issue.
    "supervisionincessation": EntryStatus.SUSPENDED,
    "supervisionceased": EntryStatus.WITHDRAWN,
    "supervisionrevoked": EntryStatus.WITHDRAWN,
    "accreditationceased": EntryStatus.WITHDRAWN,
    "accreditationrevoked": EntryStatus.WITHDRAWN,
}

_UNDERSTOOD = frozenset(
    {"AdditionalServiceInformation", "Qualifications", "ExpiredCertsRevocationInfo", "TakenOverBy"}
)


def usages(service_type: str, extensions: frozenset[str]) -> frozenset[Usage] | None:
    """Return what a service's certificate may vouch for.

    Args:
        service_type: ServiceTypeIdentifier.
        extensions: URIs of AdditionalServiceInformation.

    Returns:
        None where the list does not say it: a CA of which nothing is told, or that issues what is not
        qualified (CA/PKC).
    """
    kind = service_type.removeprefix(_TYPES) if service_type.startswith(_TYPES) else ""
    said = {uri.removeprefix(_EXTENSIONS) for uri in extensions if uri.startswith(_EXTENSIONS)}
    if kind in _ISSUING:
        if "ForWebSiteAuthentication" in said:
            return frozenset({Usage.TLS_SERVER})
        return _NOTHING if said & {"ForeSignatures", "ForeSeals"} else None
    if kind in _LIST_ISSUERS:
        return frozenset({Usage.LIST_SIGNING})
    if any(kind == beginning or kind.startswith(f"{beginning}/") for beginning in _NOT_OF_OURS):
        return _NOTHING
    return None


def status(uri: str) -> EntryStatus | None:
    """Return a status; None for a URI that is not known."""
    for beginning in _STATUSES:
        if uri.startswith(beginning):
            return _STATUS.get(uri.removeprefix(beginning).lower())
    return None


def additional_information(service: Node) -> frozenset[str]:
    """Return the URIs of the AdditionalServiceInformation of a ServiceInformation."""
    return frozenset(
        node.text("URI")
        for extension in service.every("ServiceInformationExtensions", "Extension")
        for node in extension.below("AdditionalServiceInformation")
    )


def unknown_critical(service: Node) -> list[str]:
    """Return the names of extensions that have to be understood and are not (TS 119 612 5.5.9)."""
    found = []
    for extension in service.every("ServiceInformationExtensions", "Extension"):
        if (extension.element.get("Critical") or "").strip().lower() not in {"true", "1"}:
            continue
        names = [Node(one).name for one in extension.element.iterchildren("*")]
        found += [name for name in names if name not in _UNDERSTOOD]
        if not names:
            found.append("Extension")
    return found


def role(service_type: str) -> str:
    """Return a service type shortly, as people write it: `CA/QC`."""
    return service_type.removeprefix(_TYPES)


def history(service: Node) -> tuple[StatusChange, ...]:
    """Return what a TSPService was before, newest first."""
    changes = []
    for instance in service.every("ServiceHistory", "ServiceHistoryInstance"):
        uri = instance.text("ServiceStatus")
        changes.append(
            StatusChange(
                status=status(uri) or EntryStatus.UNKNOWN,
                since=instant(instance.text("StatusStartingTime")),
                reason=uri,
                source=instance.in_english("ServiceName", "Name"),
            )
        )
    return tuple(sorted(changes, key=_since, reverse=True))


def _since(change: StatusChange) -> float:
    since: datetime | None = change.since
    return since.timestamp() if since is not None else float("-inf")
