"""Every status from every source, and what follows from it: OpenSSL's own CRLs, responses and responder."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.support.pki import Issued, trust_list
from tests.support.revoking_ca import Files, RevokingCa, free_port
from trustdesk.core.revocation import FailMode
from trustdesk.core.verification import Purpose
from trustdesk.network.download import Downloader
from trustdesk.network.web_proxy import NoProxy
from trustdesk.services.clock import SystemClock
from trustdesk.services.revocation import RevocationPolicy, given_evidence
from trustdesk.services.revocation_web import CachingRevocationWeb
from trustdesk.services.verification import verify_certificate
from trustdesk.storage.revocation_cache import RevocationCache
from trustdesk.verify.revocation.evidence import RevocationEvidence

pytestmark = pytest.mark.servers

# The issuing CA itself is good by a CRL of the root in every row, so that the server's certificate decides.
TABLE = """\
source        said of the server's certificate    status       soft fail  hard fail
none          -                                   unknown      accepted   refused
CRL file      not on it                           good         accepted   accepted
CRL file      on it                               revoked      refused    refused
CRL file      of another CA                       unknown      accepted   refused
CRL file      signed by a namesake                unavailable  accepted   refused
CRL file      out of date                         unavailable  accepted   refused
OCSP file     good                                good         accepted   accepted
OCSP file     revoked                             revoked      refused    refused
OCSP file     unknown                             unknown      accepted   refused
OCSP file     signature broken                    unavailable  accepted   refused
staple        good                                good         accepted   accepted
staple        revoked                             revoked      refused    refused
staple        unknown                             unknown      accepted   refused
staple        signature broken                    unavailable  accepted   refused
CRL online    not on it                           good         accepted   accepted
CRL online    on it                               revoked      refused    refused
CRL online    404                                 unavailable  accepted   refused
OCSP online   good                                good         accepted   accepted
OCSP online   revoked                             revoked      refused    refused
OCSP online   unknown                             unknown      accepted   refused
OCSP online   nobody listens                      unavailable  accepted   refused
"""


@dataclass
class Desk:
    """What the rows of the table are made with."""

    ca: RevokingCa
    stranger: RevokingCa
    namesake: RevokingCa
    folder: Path
    files: Files
    opened: contextlib.ExitStack

    def server(self, said: str, *urls: tuple[str, str]) -> Issued:
        issued = self.ca.server("peer.example", urls=urls)
        if said in {"on it", "revoked"}:
            self.ca.revoke(issued)
        if said == "unknown":
            self.ca.forget(issued)
        return issued

    def crl_file(self, said: str) -> tuple[Issued, RevocationEvidence]:
        issued = self.server(said)
        if said == "of another CA":
            return issued, self.given(self.stranger.crl())
        if said == "signed by a namesake":
            return issued, self.given(self.namesake.crl())
        return issued, self.given(self.ca.crl(stale=said == "out of date"))

    def response(self, said: str) -> tuple[Issued, bytes]:
        issued = self.server(said)
        response = self.ca.response(issued)
        if said == "signature broken":
            response = response[:-1] + bytes([response[-1] ^ 1])
        return issued, response

    def ocsp_file(self, said: str) -> tuple[Issued, RevocationEvidence]:
        issued, response = self.response(said)
        (self.folder / "answer.der").write_bytes(response)
        files = [self.folder / "answer.der"]
        return issued, replace(self.given(), responses=given_evidence((), files).responses)

    def staple(self, said: str) -> tuple[Issued, RevocationEvidence]:
        issued, response = self.response(said)
        return issued, replace(self.given(), staple=response)

    def crl_online(self, said: str) -> tuple[Issued, RevocationEvidence]:
        path = f"/{said.replace(' ', '-')}.crl"
        issued = self.server(said, ("crl", self.files.url + path))
        if said != "404":
            self.files.bodies[path] = self.ca.crl()
        return issued, self.asking()

    def ocsp_online(self, said: str) -> tuple[Issued, RevocationEvidence]:
        port = free_port()
        issued = self.server(said, ("ocsp", f"http://127.0.0.1:{port}"))
        if said != "nobody listens":
            self.opened.enter_context(self.ca.ocsp_server(port))
        return issued, self.asking()

    def none(self, _said: str) -> tuple[Issued, RevocationEvidence]:
        return self.server("good"), self.given()

    def given(self, *lists: bytes) -> RevocationEvidence:
        paths = []
        for number, der in enumerate([self.ca.crl(by_root=True), *lists]):
            paths.append(self.folder / f"{number}.crl")
            paths[-1].write_bytes(der)
        return given_evidence(paths, ())

    def asking(self) -> RevocationEvidence:
        web = CachingRevocationWeb(
            Downloader(proxies=NoProxy()),
            RevocationCache(self.folder / "cache"),
            clock=SystemClock(),
            allow_private_addresses=True,
        )
        return RevocationPolicy(given=self.given(), web=web).evidence()

    def row(self, source: str, said: str) -> str:
        makers: dict[str, Callable[[str], tuple[Issued, RevocationEvidence]]] = {
            "none": self.none,
            "CRL file": self.crl_file,
            "OCSP file": self.ocsp_file,
            "staple": self.staple,
            "CRL online": self.crl_online,
            "OCSP online": self.ocsp_online,
        }
        issued, evidence = makers[source](said)
        cells = [f"{source:<12}", f"{said:<34}"]
        for mode in FailMode:
            verification = verify_certificate(
                issued.facts,
                [self.ca.issuing.facts],
                purpose=Purpose.SERVER,
                trust_lists=[trust_list(self.ca.root)],
                at=datetime.now(UTC),
                revocation=evidence,
                fail_mode=mode,
            )
            best = verification.paths[0]
            by_mode = {one.mode: one.accepted for one in best.fail_modes}
            # Both verdicts are there whatever mode is chosen, and the chosen one is the verdict.
            assert verification.trusted is by_mode[mode]
            assert best.revocation[1].status.value == "good"
            if mode is FailMode.SOFT:
                cells.append(f"{best.revocation[0].status.value:<11}")
            cells.append(f"{'accepted' if verification.trusted else 'refused':<9}")
        return "  ".join(cells).rstrip()


def test_status_by_source_under_soft_and_hard_fail(tmp_path: Path) -> None:
    for name in ("ca", "stranger", "namesake", "desk"):
        (tmp_path / name).mkdir()
    ca = RevokingCa(tmp_path / "ca")
    with Files() as files, contextlib.ExitStack() as opened:
        stranger, namesake = RevokingCa(tmp_path / "stranger", "Other"), RevokingCa(tmp_path / "namesake")
        desk = Desk(ca, stranger, namesake, tmp_path / "desk", files, opened)
        head, *rows = TABLE.splitlines()
        made = [head, *(desk.row(row[:12].strip(), row[14:48].strip()) for row in rows)]
    assert "\n".join(made) + "\n" == TABLE
