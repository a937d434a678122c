"""Trust lists to select from: the public web's, and a person's own files."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.errors import EnvironmentFailureError, UnusableInputError
from trustdesk.core.message import Message, msg
from trustdesk.core.trust import PUBLIC_WEB_LIST, LeftOut, TrustList, TrustListOrigin
from trustdesk.core.trust_version import AuthenticityState, ListSource, ListVersion, SourceKind, VersionState
from trustdesk.services.files import read_bounded


@cache
def certifi_list() -> TrustList:
    """Return the public web's list (Mozilla's, as certifi packages it). It is not IATA's, and says so.

    Raises:
        EnvironmentFailureError: the installation lacks the file.
    """
    import certifi

    from trustdesk.formats.files import read_certificates

    place = certifi.where()
    try:
        anchors = read_certificates(read_bounded(Path(place)), place)
    except UnusableInputError as error:
        raise EnvironmentFailureError(
            error.problem, remedy=msg("Install trustdesk again."), place=place
        ) from error
    return TrustList(
        name=PUBLIC_WEB_LIST,
        title=msg("Public web CAs (certifi), not IATA's list"),
        origin=TrustListOrigin.PUBLIC_WEB,
        anchors=anchors,
    )


def file_list(path: Path) -> TrustList:
    """Read a list from a file of any form, by its file name, without importing it.

    What a form says of trust counts: usages, distrust, dates and constraints; usages that it leaves open are
    open. Of files that hold certificates and say no more:

    CA certificates become anchors, and roots of version 1, which cannot say that they are CAs' (the setting
    of anchor semantics says whether paths to them hold). Certificates of servers and clients in the file are
    listed as left out, for they vouch for nobody.

    Raises:
        UnusableInputError: it cannot be read, its signature does not hold, or no CA certificate is in it.
    """
    from trustdesk.formats.files import read_certificates
    from trustdesk.formats.list_source import MAX_LIST_BYTES
    from trustdesk.verify.anchor_candidates import may_be_anchor

    data = read_bounded(path, MAX_LIST_BYTES)
    said = _list_that_says_more(path, data)
    if said is not None:
        return said
    certificates = read_certificates(data, str(path))
    anchors = tuple(facts for facts in certificates if may_be_anchor(facts))
    if not anchors:
        raise _no_anchor(str(path))
    return TrustList(
        name=path.name,
        title=msg("File {name}", name=path.name),
        origin=TrustListOrigin.FILE,
        anchors=anchors,
        left_out=tuple(
            LeftOut(certificate=facts, reason=_why_left_out(facts))
            for facts in certificates
            if not may_be_anchor(facts)
        ),
    )


def _list_that_says_more(path: Path, data: bytes) -> TrustList | None:
    """Read a form that says who is trusted for what; None for one that holds certificates alone.

    OpenSSL's trust settings are such a form: distributions keep distrusted CAs in it.
    """
    from trustdesk.formats.list_bundles import has_trust_settings
    from trustdesk.formats.list_reading import detect, read_list
    from trustdesk.formats.list_source import ListBytes
    from trustdesk.services.lists_in_force import judgeable
    from trustdesk.storage.list_schema import trust_list_schema

    place = str(path)
    kind = detect(data)
    if kind is None or (kind not in _SAY_MORE and not has_trust_settings(data, place)):
        return None
    source = ListBytes(place=place, data=data)
    content = read_list(source, schema=trust_list_schema())
    if content.authenticity.state is AuthenticityState.FAILED:
        raise UnusableInputError(
            content.authenticity.why or msg("The signature of the list does not hold."),
            remedy=msg("Get the list again from whoever publishes it."),
            place=place,
        )
    now = datetime.now(UTC)
    read = ListSource(kind=kind, place=path.name, retrieved_at=now, retrieved_by="", sha256=source.sha256)
    version = ListVersion(
        list_name=path.name, number=1, content=content, source=read, state=VersionState.WAITING, kept_at=now
    )
    trust_list = judgeable(version)
    if not trust_list.trust_anchors:
        raise _no_anchor(place)
    title = msg("File {name}", name=path.name)
    return replace(trust_list, title=title, origin=TrustListOrigin.FILE, version=None)


_SAY_MORE = frozenset({SourceKind.JSON, SourceKind.CCADB, SourceKind.ETSI, SourceKind.MASTER_LIST})


def _no_anchor(place: str) -> UnusableInputError:
    return UnusableInputError(
        msg("There is no CA certificate in the file, only certificates of servers or clients."),
        remedy=msg("Name a file with the certificates of the CAs to trust."),
        place=place,
    )


def _why_left_out(facts: CertificateFacts) -> Message:
    if facts.problems:
        return msg("Whether it is a CA's cannot be read. {problem}", problem=facts.problems[0])
    if facts.is_self_issued:
        return msg("It is self-signed, but says not that it is a CA's (basicConstraints cA).")
    return msg("It is the certificate of a server or client, which vouches for nobody.")
