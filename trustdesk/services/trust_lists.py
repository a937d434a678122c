"""Trust lists to select from: the public web's, and a person's own files."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.errors import EnvironmentFailureError, UnusableInputError
from trustdesk.core.message import Message, msg
from trustdesk.core.trust import LeftOut, TrustList, TrustListOrigin
from trustdesk.services.files import read_bounded

PUBLIC_WEB_LIST = "certifi"


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
    """Read a list from a PEM bundle, a DER certificate or an open PKCS#12 file, by its file name.

    CA certificates become anchors, and roots of version 1, which cannot say that they are CAs' (the setting
    of anchor semantics says whether paths to them hold). Certificates of servers and clients in the file are
    listed as left out, for they vouch for nobody.

    Raises:
        UnusableInputError: it cannot be read, or no CA certificate is in it.
    """
    from trustdesk.formats.files import read_certificates
    from trustdesk.verify.anchor_candidates import may_be_anchor

    certificates = read_certificates(read_bounded(path), str(path))
    anchors = tuple(facts for facts in certificates if may_be_anchor(facts))
    if not anchors:
        raise UnusableInputError(
            msg("There is no CA certificate in the file, only certificates of servers or clients."),
            remedy=msg("Name a file with the certificates of the CAs to trust."),
            place=str(path),
        )
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


def _why_left_out(facts: CertificateFacts) -> Message:
    if facts.problems:
        return msg("Whether it is a CA's cannot be read. {problem}", problem=facts.problems[0])
    if facts.is_self_issued:
        return msg("It is self-signed, but says not that it is a CA's (basicConstraints cA).")
    return msg("It is the certificate of a server or client, which vouches for nobody.")
