"""Trusted lists of a country of ours, signed as member states sign theirs."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from lxml import etree
from signxml.algorithms import CanonicalizationMethod, DigestAlgorithm, SignatureMethod
from signxml.xades.xades import XAdESSigner

from tests.support import pki
from tests.support.pki import Issued

NAMESPACE = "http://uri.etsi.org/02231/v2#"
TYPES = "http://uri.etsi.org/TrstSvc/Svctype/"
STATUSES = "http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/"
EXTENSIONS = "http://uri.etsi.org/TrstSvc/TrustedList/SvcInfoExt/"
DSIG = "http://www.w3.org/2000/09/xmldsig#"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"


@dataclass(frozen=True, kw_only=True)
class Service:
    """A TSPService; `extensions` and `status` are ends of URIs, `history` such ends with dates."""

    certificates: Sequence[Issued] = ()
    kind: str = "CA/QC"
    status: str = "granted"
    since: str = "2022-06-30T22:00:00Z"
    extensions: Sequence[str] = ()
    history: Sequence[tuple[str, str]] = ()
    name: str = "Qualified website certificates"
    more: str = ""

    def xml(self) -> str:
        identities = "".join(
            f"<DigitalId><X509Certificate>{base64.b64encode(one.der).decode()}</X509Certificate></DigitalId>"
            for one in self.certificates
        )
        extensions = "".join(
            f'<Extension Critical="true"><AdditionalServiceInformation><URI xml:lang="en">{EXTENSIONS}{one}'
            "</URI>"
            "</AdditionalServiceInformation></Extension>"
            for one in self.extensions
        )
        history = "".join(
            f"<ServiceHistoryInstance><ServiceTypeIdentifier>{TYPES}{self.kind}</ServiceTypeIdentifier>"
            f'<ServiceName><Name xml:lang="en">{self.name} before</Name></ServiceName>'
            "<ServiceDigitalIdentity><DigitalId><X509SKI>AQID</X509SKI></DigitalId></ServiceDigitalIdentity>"
            f"<ServiceStatus>{end if '/' in end else STATUSES + end}</ServiceStatus>"
            f"<StatusStartingTime>{since}</StatusStartingTime></ServiceHistoryInstance>"
            for end, since in self.history
        )
        return (
            "<TSPService><ServiceInformation>"
            f"<ServiceTypeIdentifier>{TYPES}{self.kind}</ServiceTypeIdentifier>"
            f'<ServiceName><Name xml:lang="nl">Iets</Name><Name xml:lang="en">{self.name}</Name>'
            "</ServiceName>"
            f"<ServiceDigitalIdentity>{identities}</ServiceDigitalIdentity>"
            f"<ServiceStatus>{self.status if '/' in self.status else STATUSES + self.status}</ServiceStatus>"
            f"<StatusStartingTime>{self.since}</StatusStartingTime>"
            f"<ServiceInformationExtensions>{extensions}{self.more}</ServiceInformationExtensions>"
            f"</ServiceInformation><ServiceHistory>{history}</ServiceHistory></TSPService>"
        )


def unsigned(
    *services: Service,
    version: str = "6",
    sequence: str = "42",
    next_update: str = "<NextUpdate><dateTime>2027-03-01T00:00:00Z</dateTime></NextUpdate>",
    issued: str = "2026-10-01T08:00:00Z",
    pointers: int = 0,
) -> bytes:
    """Return a list of one provider with some services."""
    pointer = "<OtherTSLPointer><TSLLocation>https://lotl.example/l.xml</TSLLocation></OtherTSLPointer>"
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<TrustServiceStatusList xmlns="{NAMESPACE}" Id="TL-1" TSLTag="http://uri.etsi.org/19612/TSLTag">
  <SchemeInformation>
    <TSLVersionIdentifier>{version}</TSLVersionIdentifier>
    <TSLSequenceNumber>{sequence}</TSLSequenceNumber>
    <TSLType>http://uri.etsi.org/TrstSvc/TrustedList/TSLType/EUgeneric</TSLType>
    <SchemeOperatorName><Name xml:lang="nl">Toezicht</Name><Name xml:lang="en">Authority of Fjordland</Name>
    </SchemeOperatorName>
    <SchemeOperatorAddress><ElectronicAddress><URI xml:lang="en">mailto:list@fjordland.example</URI>
      <URI xml:lang="en">https://fjordland.example/</URI></ElectronicAddress></SchemeOperatorAddress>
    <SchemeName><Name xml:lang="en">FL:Trusted list of Fjordland</Name></SchemeName>
    <SchemeInformationURI><URI xml:lang="en">https://fjordland.example/scheme</URI></SchemeInformationURI>
    <SchemeTerritory>FL</SchemeTerritory>
    <PointersToOtherTSL>{pointer * pointers}</PointersToOtherTSL>
    <ListIssueDateTime>{issued}</ListIssueDateTime>
    {next_update}
  </SchemeInformation>
  <!-- providers -->
  <TrustServiceProviderList><TrustServiceProvider>
    <TSPInformation><TSPName><Name xml:lang="en">Fjordsign AS</Name></TSPName>
      <TSPAddress><PostalAddresses><PostalAddress xml:lang="en"><CountryName>FL</CountryName></PostalAddress>
      </PostalAddresses><ElectronicAddress><URI xml:lang="en">https://fjordsign.example</URI>
      <URI xml:lang="en">mailto:help@fjordsign.example</URI></ElectronicAddress></TSPAddress></TSPInformation>
    <TSPServices>{"".join(service.xml() for service in services)}</TSPServices>
  </TrustServiceProvider></TrustServiceProviderList>
</TrustServiceStatusList>
""".encode()


class _Signer(XAdESSigner):
    """Names the canonical form of each reference, as member states' lists do.

    Without it the form is the one that takes the list's own namespace in, which the library digests before
    the signature is in the list.
    """

    def _add_reference_to_signed_info(
        self, sig_root: etree._Element, node_to_reference: etree._Element, **attrs: str
    ) -> None:
        super()._add_reference_to_signed_info(sig_root, node_to_reference, **attrs)  # type: ignore[no-untyped-call]
        reference = sig_root.findall(f"{{{DSIG}}}SignedInfo/{{{DSIG}}}Reference")[-1]
        transforms = etree.Element(f"{{{DSIG}}}Transforms")
        etree.SubElement(transforms, f"{{{DSIG}}}Transform", Algorithm=EXCLUSIVE)
        reference.insert(0, transforms)


def signed(
    data: bytes,
    signer: Issued,
    *,
    method: SignatureMethod | None = None,
    reference: str | None = None,
    key_value: bool = True,
) -> bytes:
    """Return a list with an enveloped XAdES signature of its whole, or of the element `reference`.

    As most member states do it, with the signer's key beside its certificate.
    """
    assert isinstance(signer.key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey)
    is_ec = isinstance(signer.key, ec.EllipticCurvePrivateKey)
    xades = _Signer(
        signature_algorithm=method or (SignatureMethod.ECDSA_SHA256 if is_ec else SignatureMethod.RSA_SHA256),
        digest_algorithm=DigestAlgorithm.SHA256,
        c14n_algorithm=CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0,
    )
    root = xades.sign(
        etree.fromstring(data),
        key=signer.key,
        cert=[signer.certificate],
        reference_uri=reference,
        always_add_key_value=key_value,
    )
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def list_signer(not_before: datetime | None = None, not_after: datetime | None = None) -> Issued:
    """Return who signs lists: its own issuer, as such signers often are."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = pki.name("Fjordland list signer", "Authority of Fjordland")
    start, end = not_before or datetime(2024, 1, 1, tzinfo=UTC), not_after or datetime(2034, 1, 1, tzinfo=UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(4711)
        .not_valid_before(start)
        .not_valid_after(end)
        .add_extension(x509.BasicConstraints(False, None), True)
        .sign(key, hashes.SHA256())
    )
    return Issued(certificate, key)
