"""Trust lists to select from: the public web's, and a person's own files."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from trustdesk.core.errors import EnvironmentFailureError, UnusableInputError
from trustdesk.core.message import msg
from trustdesk.core.trust import TrustList, TrustListOrigin
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

    CA certificates become anchors; certificates of servers and clients in the file are left out, for they
    vouch for nobody.

    Raises:
        UnusableInputError: it cannot be read, or no CA certificate is in it.
    """
    from trustdesk.formats.files import read_certificates

    certificates = read_certificates(read_bounded(path), str(path))
    anchors = tuple(facts for facts in certificates if facts.is_ca)
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
    )
