"""What an extension means, in words, a line each: for the window, for reports, for `inspect`.

Source: RFC 5280 4.2 and 5.2; RFC 6962, RFC 7633, RFC 3739, RFC 6960 4.2.2.2.1; Microsoft and Netscape by
their published descriptions.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from trustdesk.core.message import Message, msg, msg_n
from trustdesk.core.untrusted import bounded
from trustdesk.formats import extension_decoders as decoders
from trustdesk.formats import extension_oids as oids
from trustdesk.formats import extensions as ext
from trustdesk.formats.der import (
    BIT_STRING,
    INTEGER,
    SEQUENCE,
    DerError,
    Element,
    integer,
    object_identifier,
    parts_of,
    read_element,
    read_whole,
    small_integer,
)
from trustdesk.formats.general_names import general_names

Lines = tuple[Message, ...]
Describe = Callable[[bytes], Lines]


@dataclass(frozen=True, slots=True)
class KnownExtension:
    """The standards' name, and what turns the value into words; that raises DerError for a damaged one."""

    name: str
    describe: Describe


def known_extension(oid: str) -> KnownExtension | None:
    """Return what is known of an extension by its dotted OID; None for nothing."""
    return _KNOWN.get(oid)


_GENERAL_KINDS: dict[str, Callable[[str], Message]] = {
    "DNS": lambda name: msg("DNS name {name}", name=name),
    "IP": lambda name: msg("IP address {name}", name=name),
    "URI": lambda name: msg("URI {name}", name=name),
    "email": lambda name: msg("E-mail address {name}", name=name),
    "DirName": lambda name: msg("Directory name {name}", name=name),
    "RID": lambda name: msg("Registered ID {name}", name=name),
    "other": lambda name: msg("Other name of type {name}", name=name),
}


def name_in_words(name: str) -> Message:
    """Return a name such as `DNS:host` as a line."""
    kind, _, text = name.partition(":")
    return _GENERAL_KINDS[kind](text) if kind in _GENERAL_KINDS else msg("Name {name}", name=name)


def _names(value: bytes) -> Lines:
    return tuple(name_in_words(name) for name in ext.subject_alt_names(value)) or (msg("No name"),)


def _key_usage(value: bytes) -> Lines:
    usages = ext.key_usage(value)
    return tuple(msg("Key may be used for {usage}", usage=usage) for usage in usages) or (msg("No usage"),)


def _extended_key_usage(value: bytes) -> Lines:
    usages = ext.extended_key_usage(value)
    return tuple(msg("Purpose {purpose}", purpose=usage) for usage in usages) or (msg("No purpose"),)


def _basic_constraints(value: bytes) -> Lines:
    length = ext.path_length(value)
    first = msg("It is a CA") if ext.is_ca(value) else msg("It is no CA")
    if length is None:
        return (first,)
    return (first, msg_n("At most {count} CA below it", "At most {count} CAs below it", length))


def _subject_key_id(value: bytes) -> Lines:
    return (msg("Key identifier {identifier}", identifier=ext.subject_key_id(value)),)


def _authority_key_id(value: bytes) -> Lines:
    found = ext.authority_key_id(value)
    lines = [] if found.key_id is None else [msg("Issuer's key {identifier}", identifier=found.key_id)]
    lines += [
        msg("Issuer's certificate was issued by {name}", name=name_in_words(name)) for name in found.issuer
    ]
    if found.serial_number is not None:
        lines.append(msg("Issuer's serial number {number}", number=found.serial_number))
    return tuple(lines) or (msg("It names no key"),)


def _policies(value: bytes) -> Lines:
    lines = []
    for policy in ext.certificate_policies(value):
        lines.append(msg("Policy {oid}", oid=_POLICY_NAMES.get(policy.oid, policy.oid)))
        lines += [msg("Stated at {qualifier}", qualifier=qualifier) for qualifier in policy.qualifiers]
    return tuple(lines) or (msg("No policy"),)


def _policy_mappings(value: bytes) -> Lines:
    return tuple(
        msg("Policy {issuer} of the issuer counts as {subject} below", issuer=issuer, subject=subject)
        for issuer, subject in decoders.policy_mappings(value)
    )


def _policy_constraints(value: bytes) -> Lines:
    found = decoders.policy_constraints(value)
    explicit, mapping = found.require_explicit_policy, found.inhibit_policy_mapping
    lines = []
    if explicit is not None:
        lines.append(msg("A policy is required after {count} more certificates", count=explicit))
    if mapping is not None:
        lines.append(msg("Policies are not mapped after {count} more certificates", count=mapping))
    return tuple(lines) or (msg("No constraint"),)


def _inhibit_any_policy(value: bytes) -> Lines:
    count = decoders.inhibit_any_policy(value)
    return (msg("anyPolicy does not count after {count} more certificates", count=count),)


def _name_constraints(value: bytes) -> Lines:
    permitted, excluded = ext.name_constraints(value)
    lines = [msg("Permitted: {name}", name=name_in_words(name)) for name in permitted]
    lines += [msg("Excluded: {name}", name=name_in_words(name)) for name in excluded]
    return tuple(lines) or (msg("No constraint"),)


def _distribution_points(value: bytes) -> Lines:
    lines: list[Message] = []
    for point in ext.distribution_points(value):
        lines += [msg("CRL at {name}", name=name_in_words(name)) for name in point.names]
        lines += [msg("CRL signed by {name}", name=name_in_words(name)) for name in point.issuer]
        if point.reasons is not None:
            lines.append(msg("For these reasons only: {reasons}", reasons=", ".join(point.reasons)))
    return tuple(lines) or (msg("No distribution point"),)


def _access(value: bytes) -> Lines:
    lines = []
    for method, location in ext.access_descriptions(value):
        match method:
            case oids.OCSP_METHOD:
                lines.append(msg("OCSP responder: {name}", name=name_in_words(location)))
            case oids.CA_ISSUERS_METHOD:
                lines.append(msg("Issuer's certificate: {name}", name=name_in_words(location)))
            case "1.3.6.1.5.5.7.48.5":
                lines.append(msg("Certificates that it issued: {name}", name=name_in_words(location)))
            case _:
                lines.append(msg("{method}: {name}", method=method, name=name_in_words(location)))
    return tuple(lines)


def _directory_attributes(value: bytes) -> Lines:
    attributes = (parts_of(one.expect(SEQUENCE), 1) for one in read_whole(value, SEQUENCE).children())
    return tuple(msg("Attribute {oid}", oid=object_identifier(one[0])) for one in attributes)


def _usage_period(value: bytes) -> Lines:
    found = {part.tag: part.content.decode("ascii", "backslashreplace") for part in _inside(value)}
    lines = []
    if 0x80 in found:
        lines.append(msg("Key signs from {instant}", instant=bounded(found[0x80])))
    if 0x81 in found:
        lines.append(msg("Key signs until {instant}", instant=bounded(found[0x81])))
    return tuple(lines)


def _scts(value: bytes) -> Lines:
    times = ext.sct_timestamps(value)
    return (
        msg_n("{count} transparency timestamp", "{count} transparency timestamps", len(times)),
        *(msg("Logged at {instant}", instant=instant) for instant in times),
    )


def _poison(value: bytes) -> Lines:
    read_whole(value, 0x05)
    return (msg("Precertificate for transparency logs: nobody may accept it"),)


def _tls_feature(value: bytes) -> Lines:
    return tuple(
        msg("Must-staple: servers have to send an OCSP response")
        if number == 5
        else msg("TLS extension {number} is demanded", number=number)
        for number in ext.tls_features(value)
    )


def _no_check(value: bytes) -> Lines:
    read_whole(value, 0x05)
    return (msg("This OCSP responder is not checked for revocation"),)


def _qualified(value: bytes) -> Lines:
    statements = (parts_of(one.expect(SEQUENCE), 1) for one in _inside(value))
    oids = (object_identifier(one[0]) for one in statements)
    return tuple(msg("Qualified-certificate statement {oid}", oid=_STATEMENTS.get(oid, oid)) for oid in oids)


def _netscape_type(value: bytes) -> Lines:
    bits = ext.named_bits(read_whole(value, BIT_STRING).content, _NETSCAPE_TYPES)
    return tuple(msg("Netscape: {usage}", usage=usage) for usage in bits) or (msg("No usage"),)


def _text(value: bytes) -> Lines:
    element = read_element(value)
    if element.is_constructed or element.end != len(value):
        raise DerError("no string")
    encoding = "utf-16-be" if element.tag == 0x1E else "utf-8"
    return (msg("{text}", text=bounded(element.content.decode(encoding, "backslashreplace"))),)


def _template(value: bytes) -> Lines:
    oid, *versions = parts_of(read_whole(value, SEQUENCE), 1)
    numbers = ".".join(str(small_integer(version)) for version in versions if version.tag == INTEGER)
    return (
        msg("Microsoft template {oid}", oid=object_identifier(oid)),
        *([msg("Version {version}", version=numbers)] if numbers else []),
    )


def _ca_version(value: bytes) -> Lines:
    number = small_integer(read_whole(value, INTEGER))
    return (
        msg(
            "CA certificate {certificate}, key {key}", certificate=number & 0xFFFF, key=number >> 16 & 0xFFFF
        ),
    )


def _application_policies(value: bytes) -> Lines:
    policies = (parts_of(one.expect(SEQUENCE), 1) for one in _inside(value))
    return tuple(msg("Purpose {purpose}", purpose=object_identifier(one[0])) for one in policies)


def _octets(value: bytes) -> Lines:
    return (msg("{text}", text=read_element(value).content[:64].hex()),)


def _security_identifier(value: bytes) -> Lines:
    """Microsoft's SID (KB5014754): an otherName whose value is the SID as text."""
    names = read_whole(value, SEQUENCE)
    found = value.find(b"S-1-")
    sid = value[found:].split(b"\0")[0].decode("ascii", "backslashreplace") if found >= 0 else None
    if sid is None:
        return tuple(name_in_words(name) for name in general_names(names))
    return (msg("Windows account {sid}", sid=bounded(sid, 184)),)


def _number(value: bytes) -> Lines:
    return (msg("Number {number}", number=f"{integer(read_whole(value, INTEGER)):x}"[:128]),)


def _issuing_point(value: bytes) -> Lines:
    lines: list[Message] = []
    for part in _inside(value):
        match part.tag:
            case 0xA0:
                lines += [msg("CRL at {name}", name=name_in_words(name)) for name in ext.point_name(part)]
            case 0x81:
                lines.append(msg("Server and client certificates only"))
            case 0x82:
                lines.append(msg("CA certificates only"))
            case 0x83:
                reasons = ", ".join(ext.named_bits(part.content, ext.REASONS))
                lines.append(msg("For these reasons only: {reasons}", reasons=reasons))
            case 0x84:
                lines.append(msg("Certificates of other issuers too (indirect CRL)"))
            case 0x85:
                lines.append(msg("Attribute certificates only"))
            case _:
                raise DerError("a part that an issuing distribution point does not have")
    return tuple(lines)


def _inside(value: bytes) -> list[Element]:
    return list(read_whole(value, SEQUENCE).children())


_POLICY_NAMES = {
    "2.5.29.32.0": "anyPolicy",
    "2.23.140.1.2.1": "2.23.140.1.2.1 (domain validated)",
    "2.23.140.1.2.2": "2.23.140.1.2.2 (organisation validated)",
    "2.23.140.1.2.3": "2.23.140.1.2.3 (individual validated)",
    "2.23.140.1.1": "2.23.140.1.1 (extended validation)",
}
_STATEMENTS = {
    "0.4.0.1862.1.1": "QcCompliance",
    "0.4.0.1862.1.4": "QcSSCD",
    "0.4.0.1862.1.5": "QcPDS",
    "0.4.0.1862.1.6": "QcType",
}
_NETSCAPE_TYPES = (
    "SSL client",
    "SSL server",
    "S/MIME",
    "object signing",
    "reserved",
    "SSL CA",
    "S/MIME CA",
    "object signing CA",
)

_KNOWN: dict[str, KnownExtension] = {
    oid: KnownExtension(name, describe)
    for oid, name, describe in (
        (oids.SUBJECT_DIRECTORY_ATTRIBUTES, "subjectDirectoryAttributes", _directory_attributes),
        (oids.SUBJECT_KEY_IDENTIFIER, "subjectKeyIdentifier", _subject_key_id),
        (oids.KEY_USAGE, "keyUsage", _key_usage),
        (oids.PRIVATE_KEY_USAGE_PERIOD, "privateKeyUsagePeriod", _usage_period),
        (oids.SUBJECT_ALT_NAME, "subjectAltName", _names),
        (oids.ISSUER_ALT_NAME, "issuerAltName", _names),
        (oids.BASIC_CONSTRAINTS, "basicConstraints", _basic_constraints),
        (oids.CRL_NUMBER, "cRLNumber", _number),
        (oids.DELTA_CRL_INDICATOR, "deltaCRLIndicator", _number),
        (oids.ISSUING_DISTRIBUTION_POINT, "issuingDistributionPoint", _issuing_point),
        (oids.NAME_CONSTRAINTS, "nameConstraints", _name_constraints),
        (oids.CRL_DISTRIBUTION_POINTS, "cRLDistributionPoints", _distribution_points),
        (oids.CERTIFICATE_POLICIES, "certificatePolicies", _policies),
        (oids.POLICY_MAPPINGS, "policyMappings", _policy_mappings),
        (oids.AUTHORITY_KEY_IDENTIFIER, "authorityKeyIdentifier", _authority_key_id),
        (oids.POLICY_CONSTRAINTS, "policyConstraints", _policy_constraints),
        (oids.EXTENDED_KEY_USAGE, "extKeyUsage", _extended_key_usage),
        (oids.FRESHEST_CRL, "freshestCRL", _distribution_points),
        (oids.INHIBIT_ANY_POLICY, "inhibitAnyPolicy", _inhibit_any_policy),
        (oids.AUTHORITY_INFO_ACCESS, "authorityInfoAccess", _access),
        (oids.QC_STATEMENTS, "qcStatements", _qualified),
        (oids.SUBJECT_INFO_ACCESS, "subjectInfoAccess", _access),
        (oids.TLS_FEATURE, "tlsFeature", _tls_feature),
        (oids.OCSP_NO_CHECK, "ocspNoCheck", _no_check),
        (oids.SCT_LIST, "signedCertificateTimestampList", _scts),
        ("1.3.6.1.4.1.11129.2.4.3", "precertificatePoison", _poison),
        ("2.16.840.1.113730.1.1", "netscapeCertType", _netscape_type),
        ("2.16.840.1.113730.1.2", "netscapeBaseUrl", _text),
        ("2.16.840.1.113730.1.4", "netscapeCaRevocationUrl", _text),
        ("2.16.840.1.113730.1.8", "netscapeCaPolicyUrl", _text),
        ("2.16.840.1.113730.1.13", "netscapeComment", _text),
        ("1.3.6.1.4.1.311.20.2", "microsoftTemplateName", _text),
        ("1.3.6.1.4.1.311.21.1", "microsoftCaVersion", _ca_version),
        ("1.3.6.1.4.1.311.21.2", "microsoftPreviousCaHash", _octets),
        ("1.3.6.1.4.1.311.21.7", "microsoftTemplate", _template),
        ("1.3.6.1.4.1.311.21.10", "microsoftApplicationPolicies", _application_policies),
        ("1.3.6.1.4.1.311.25.2", "microsoftSecurityIdentifier", _security_identifier),
    )
}
