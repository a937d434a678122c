"""API-01 to API-11: what a ONE Record server answers to GET /, and how it says no."""

from __future__ import annotations

import re
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from trustdesk.core.finding import Finding, FindingStatus, Severity
from trustdesk.core.http_answer import HttpAnswer
from trustdesk.core.message import Message, listed, msg
from trustdesk.core.readiness import HarmlessCall
from trustdesk.core.server_information import ServerInformation
from trustdesk.formats.one_record_json import read_server_information
from trustdesk.formats.strict_json import JsonFault
from trustdesk.verify.case import Rule, Ruling
from trustdesk.verify.names import match_name
from trustdesk.verify.readiness.api_errors import error_ruling
from trustdesk.verify.readiness.case import ReadinessCase

_SI = "ONE Record API 2.3 server-information"
_ONTOLOGY = "ONE Record ontology api 2.3.0"
_GUIDE = "ONE Record API 2.3 implementation-guidelines"

WITH_TOKEN = Rule(
    "API-01", Severity.ERROR, msg("GET with a token is answered with 200 and ServerInformation."), _SI
)
HEADERS = Rule(
    "API-03",
    Severity.WARNING,
    msg("The answer has Content-Type, Content-Language and Last-Modified."),
    _SI,
)
CONTENT_TYPE = Rule(
    "API-04",
    Severity.WARNING,
    msg("The answer is application/ld+json, and names the version of the API."),
    _GUIDE,
)
ENDPOINT = Rule(
    "API-05",
    Severity.ERROR,
    msg("The endpoint that the server names is https, and the host that was tested."),
    "ONE Record API 2.3 authn-transport-layer",
)
CARDINALITIES = Rule(
    "API-06",
    Severity.WARNING,
    msg("ServerInformation has all that it has to have, en-US and application/ld+json among it."),
    _ONTOLOGY,
)
ONTOLOGIES = Rule(
    "API-07",
    Severity.INFO,
    msg("Supported ontologies are named without a version, their versions with one."),
    _GUIDE,
)
API_VERSION = Rule(
    "API-08",
    Severity.INFO,
    msg("The server supports the version of the API that we ask for, or a newer one."),
    _GUIDE,
)
HOLDER = Rule(
    "API-10",
    Severity.WARNING,
    msg("The data holder has an https URI in the form of logistics objects, on a host of the certificate."),
    "ONE Record API 2.3 concepts",
)
CLOSED = Rule(
    "API-11",
    Severity.INFO,
    msg("Third parties cannot create logistics objects."),
    "ONE Record API 2.3 authn-application-layer",
)

_VERSION = re.compile(r"\d+(?:\.\d+){1,3}")
_VERSIONED = re.compile(r"(?:^|[/#:_-])v?\d+(?:\.\d+)+(?:$|[/#])")
_OBJECT_PATH = re.compile(r"(?:/[^?#]*)?/logistics-objects/[^/?#]+")


def api_findings(case: ReadinessCase) -> tuple[Finding, ...]:
    """Apply the rules in their order."""
    answer = _information_answer(case)
    information, why = _information(case, answer)
    rulings = [
        _headers(answer, why),
        _content_type(answer, why),
        _endpoint(case, information, why),
        _cardinalities(information, why),
        _ontologies(information, why),
        _api_version(case, information, why),
        error_ruling(case),
        _holder(case, information, why),
        CLOSED.not_run(
            msg("It is never tried, for a POST would create something: ask the partner, or its documents.")
        ),
    ]
    return (
        _with_token(case).finding,
        _without_credentials(case),
        *(ruling.finding for ruling in rulings),
    )


def _information_answer(case: ReadinessCase) -> HttpAnswer | None:
    """Return the first answer with status 200: with the token, with the certificate, without anything."""
    probes = [record.answer for record in (*case.with_certificate, case.bare) if _is_trusted(case)]
    answers = [case.authorised, *probes]
    return next((one for one in answers if one is not None and one.status == 200), None)


def _is_trusted(case: ReadinessCase) -> bool:
    judgement = case.bare.judgement
    return judgement is not None and judgement.trusted


def _information(case: ReadinessCase, answer: HttpAnswer | None) -> tuple[ServerInformation | None, Message]:
    """Return what the server says of itself, or why nothing is known of that."""
    if answer is None:
        if case.authorised is not None:
            return None, msg("The token was answered with HTTP {status}.", status=case.authorised.status)
        if case.bare.judgement is None:
            return None, case.bare.error or msg("No certificate was presented.")
        if not _is_trusted(case):
            return None, msg("The server is not trusted: what it says is not looked at.")
        return None, case.why_not(HarmlessCall.AUTHORISED)
    try:
        return read_server_information(answer.body), msg("ServerInformation was read.")
    except JsonFault as fault:
        return None, msg("HTTP 200 came without ServerInformation: {reason}.", reason=fault.reason)


def _with_token(case: ReadinessCase) -> Ruling:
    answer = case.authorised
    if answer is None:
        return WITH_TOKEN.not_run(case.why_not(HarmlessCall.AUTHORISED))
    check_token = msg("See first whether the token is still valid and meant for this server; then ask them.")
    if answer.status in {401, 403}:
        return WITH_TOKEN.failed(
            msg("The token was answered with HTTP {status}.", status=answer.status), check_token
        )
    if 300 <= answer.status < 400:
        return WITH_TOKEN.not_run(
            msg(
                "The server names another place, {location}, where the token was not sent to.",
                location=answer.location or "–",
            )
        )
    if answer.status != 200:
        return WITH_TOKEN.failed(
            msg("The token was answered with HTTP {status}.", status=answer.status),
            msg("Check the base path with the partner."),
        )
    try:
        read_server_information(answer.body)
    except JsonFault as fault:
        return WITH_TOKEN.failed(
            msg("HTTP 200 came without ServerInformation: {reason}.", reason=fault.reason),
            msg("Check the base path with the partner; GET / describes the server."),
        )
    return WITH_TOKEN.passed(msg("HTTP 200 came, with ServerInformation."))


def _without_credentials(case: ReadinessCase) -> Finding:
    """Return API-02 of the probe without any credential; where TLS ends that one, of those with one."""
    bare = case.found(case.bare, "API-02")
    if bare.status is not FindingStatus.NOT_RUN or not case.with_certificate:
        return bare
    return case.first_told("API-02", (case.bare, *case.with_certificate))


def _headers(answer: HttpAnswer | None, why: Message) -> Ruling:
    if answer is None:
        return HEADERS.not_run(why)
    fields = {
        "Content-Type": answer.content_type,
        "Content-Language": answer.content_language,
        "Last-Modified": answer.last_modified,
    }
    missing = [name for name, value in fields.items() if not value]
    if missing:
        return HEADERS.warned(
            msg("Missing: {names}.", names=listed(missing)),
            msg("The partner has to send all three header fields."),
        )
    if not _is_date(answer.last_modified or ""):
        return HEADERS.warned(
            msg("Last-Modified is no date: {text}.", text=answer.last_modified or ""),
            msg("The partner has to write it as RFC 9110 has it."),
        )
    return HEADERS.passed(msg("All three are there."))


def _is_date(text: str) -> bool:
    try:
        parsedate_to_datetime(text)
    except (ValueError, OverflowError):  # the latter for a year of thirty digits
        return False
    return True


def _content_type(answer: HttpAnswer | None, why: Message) -> Ruling:
    if answer is None:
        return CONTENT_TYPE.not_run(why)
    kind, *parameters = [part.strip() for part in (answer.content_type or "").split(";")]
    shown = answer.content_type or "–"
    if kind.lower() != "application/ld+json":
        return CONTENT_TYPE.warned(
            msg("Content-Type is {kind}.", kind=shown),
            msg("The partner has to answer application/ld+json."),
        )
    if not any(part.lower().replace(" ", "").startswith("version=") for part in parameters):
        return CONTENT_TYPE.warned(
            msg("Content-Type is {kind}, without a version.", kind=shown),
            msg("The partner should name the version that the answer is written in."),
        )
    return CONTENT_TYPE.passed(msg("Content-Type is {kind}.", kind=shown))


def _endpoint(case: ReadinessCase, information: ServerInformation | None, why: Message) -> Ruling:
    if information is None:
        return ENDPOINT.not_run(why)
    if not information.server_endpoints:
        return ENDPOINT.failed(msg("It names none."), msg("The partner has to set hasServerEndpoint."))
    for uri in information.server_endpoints:
        scheme, host = _scheme_and_host(uri)
        if scheme != "https":
            return ENDPOINT.failed(msg("{uri} is not https.", uri=uri), _CORRECT_ENDPOINT)
        if host not in {case.target.host, case.target.verify_name}:
            return ENDPOINT.failed(
                msg("{uri} is on another host than {host}.", uri=uri, host=case.target.verify_name),
                _CORRECT_ENDPOINT,
            )
    return ENDPOINT.passed(msg("It is {uri}.", uri=information.server_endpoints[0]))


_CORRECT_ENDPOINT = msg("The partner has to correct hasServerEndpoint, or we test that address.")


def _cardinalities(information: ServerInformation | None, why: Message) -> Ruling:
    if information is None:
        return CARDINALITIES.not_run(why)
    missing = [
        name
        for name, values in (
            ("hasDataHolder", information.data_holders),
            ("hasServerEndpoint", information.server_endpoints),
            ("hasSupportedApiVersion", information.api_versions),
            ("hasSupportedContentType", information.content_types),
            ("hasSupportedLanguage", information.languages),
            ("hasSupportedOntology", information.ontologies),
            ("hasSupportedOntologyVersion", information.ontology_versions),
        )
        if not values
    ]
    if missing:
        return CARDINALITIES.warned(msg("Missing: {names}.", names=listed(missing)), _COMPLETE)
    for name, values in (
        ("hasDataHolder", information.data_holders),
        ("hasServerEndpoint", information.server_endpoints),
    ):
        if len(set(values)) > 1:
            return CARDINALITIES.warned(
                msg("{name} stands there {count} times.", name=name, count=len(values)), _COMPLETE
            )
    if information.others:
        return CARDINALITIES.warned(msg("There is more than one ServerInformation."), _COMPLETE)
    kinds = {one.partition(";")[0].strip().lower() for one in information.content_types}
    if "application/ld+json" not in kinds:
        return CARDINALITIES.warned(
            msg("Content types: {names}.", names=listed(information.content_types)), _COMPLETE
        )
    if "en-us" not in {one.lower() for one in information.languages}:
        return CARDINALITIES.warned(
            msg("Languages: {names}.", names=listed(information.languages)), _COMPLETE
        )
    return CARDINALITIES.passed(msg("All is there."))


_COMPLETE = msg("The partner has to complete its ServerInformation.")


def _ontologies(information: ServerInformation | None, why: Message) -> Ruling:
    if information is None:
        return ONTOLOGIES.not_run(why)
    versioned = [one for one in information.ontologies if _VERSIONED.search(one)]
    unversioned = [one for one in information.ontology_versions if not _VERSIONED.search(one)]
    remedy = msg("The partner may correct it; the guidelines and their own example differ here.")
    if versioned:
        return ONTOLOGIES.failed(msg("Named with a version: {names}.", names=listed(versioned)), remedy)
    if unversioned:
        return ONTOLOGIES.failed(
            msg("Versions without a version: {names}.", names=listed(unversioned)), remedy
        )
    if not information.ontologies or not information.ontology_versions:
        return ONTOLOGIES.not_run(msg("None is named."))
    return ONTOLOGIES.passed(msg("{names}.", names=listed(information.ontology_versions)))


def _api_version(case: ReadinessCase, information: ServerInformation | None, why: Message) -> Ruling:
    required = version_numbers(case.required_api_version)
    if required is None:
        return API_VERSION.not_applicable(msg("This workspace asks for no version."))
    if information is None:
        return API_VERSION.not_run(why)
    supported = listed(information.api_versions) if information.api_versions else "–"
    versions = [version for version in map(version_numbers, information.api_versions) if version is not None]
    if not versions:
        return API_VERSION.not_run(msg("It names no version that can be compared: {names}.", names=supported))
    if max(versions) >= required:
        return API_VERSION.passed(msg("It supports {names}.", names=supported))
    return API_VERSION.failed(
        msg("It supports {names}; we ask for {version}.", names=supported, version=case.required_api_version),
        msg("The partner has to support a newer version, or we agree on an older one."),
    )


def version_numbers(text: str) -> tuple[int, ...] | None:
    """Return a version as numbers, without zeros at the end (2.3 and 2.3.0 are one); None for no version."""
    found = _VERSION.fullmatch(text.strip())
    if found is None or len(text) > 40:
        return None
    numbers = [int(part) for part in found[0].split(".")]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)


def _holder(case: ReadinessCase, information: ServerInformation | None, why: Message) -> Ruling:
    if information is None:
        return HOLDER.not_run(why)
    if not information.data_holders:
        return HOLDER.warned(msg("It names none."), _CORRECT_HOLDER)
    uri = information.data_holders[0]
    scheme, host = _scheme_and_host(uri)
    if scheme != "https":
        return HOLDER.warned(msg("{uri} is not https.", uri=uri), _CORRECT_HOLDER)
    if _OBJECT_PATH.fullmatch(_path(uri)) is None:
        return HOLDER.warned(msg("{uri} has not the form of a logistics object.", uri=uri), _CORRECT_HOLDER)
    chain = case.bare.presented_chain
    if not chain or not match_name(host, chain[0].subject_alt_names).matches:
        return HOLDER.warned(
            msg("{uri}: no name of the server's certificate covers the host {host}.", uri=uri, host=host),
            _CORRECT_HOLDER,
        )
    return HOLDER.passed(msg("It is {uri}.", uri=uri))


_CORRECT_HOLDER = msg("The partner has to correct hasDataHolder.")


def _scheme_and_host(uri: str) -> tuple[str, str]:
    try:
        parts = urlsplit(uri)
        return parts.scheme.lower(), (parts.hostname or "").lower()
    except ValueError:
        return "", ""


def _path(uri: str) -> str:
    """Return all that follows the host."""
    _, slash, path = uri.partition("//")[2].partition("/")
    return slash + path
