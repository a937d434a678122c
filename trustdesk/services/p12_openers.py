"""Which programs open a PKCS#12 file, by how it is protected.

What was tried with the programs themselves stands as "tried"; the rest has its source beside it. What neither
says is None, never a yes.

- OpenSSL 3.0, with and without its legacy provider; keytool 17; NSS 3.87 (pk12util): tried with every
  encryption and MAC that `openssl pkcs12 -export` writes. `tests/servers/test_identity_exchange.py` keeps
  trying the first three.
- OpenSSL 1.0.2 and 1.1.1: what 3.0 reads with its legacy provider is what 1.1.1 had in one (OpenSSL's
  migration guide, "Legacy Algorithms"); PBMAC1 came with 3.4 (its CHANGES), scrypt with 1.1.0.
- Java: HmacPBESHA256 came with 8u301 and 11.0.12 (Oracle's release notes of 11.0.12; wso2/product-is#21193,
  helidon-io/helidon-examples#38), reading of PBES2 with it (JDK-8076190); PBMAC1 with JDK 26 (JDK-8343232).
  More than 5,000,000 rounds are refused (sun.security.pkcs12.PKCS12KeyStore; tried).
- Windows: AES-256 with SHA-256 from Windows 10 1709 and Windows Server 2019 on (Microsoft,
  PKCS12_PBES2_EXPORT_PARAMS). Before, what Windows wrote itself: 3DES and RC2 with SHA-1.
- .NET 9: 300,000 rounds for each derivation and for the MAC, 1,000,000 in all, unless the program says
  otherwise (dotnet/runtime, Pkcs12LoaderLimits).
- macOS: a MAC with SHA-256 fails as a wrong password, seen from macOS 12 to 26.5 (pyca/cryptography#7293,
  chris2511/xca#474, kornelski/rust-security-framework#216, iosrxwy/MacAssistant#3); 3DES and RC2-40 with
  SHA-1 open there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from trustdesk.core.identity import Opener
from trustdesk.core.inspection import Protection
from trustdesk.core.message import Message, listed, msg

_NO_MAC = ""
_RC2_RC4 = frozenset({"PBE-SHA1-RC2-40", "PBE-SHA1-RC2-128", "PBE-SHA1-RC4-40", "PBE-SHA1-RC4-128"})
_PBES1 = frozenset({"PBE-MD5-DES", "PBE-MD5-RC2", "PBE-SHA1-DES", "PBE-SHA1-RC2"})
_AES = frozenset({"PBES2 AES-128-CBC", "PBES2 AES-192-CBC", "PBES2 AES-256-CBC"})
_SHA2 = frozenset({"SHA-224", "SHA-256", "SHA-384", "SHA-512"})
_JAVA_ROUNDS = 5_000_000
_DOTNET_ROUNDS, _DOTNET_TOTAL = 300_000, 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class P12Facts:
    """How a file is protected, for the question who opens it.

    Attributes:
        parts: of all encrypted parts and keys, each as often as it occurs.
        mac: None without one.
        is_whole: whether all of it was seen; a closed part may hold more.
        has_open_key: whether a private key lies in it without encryption of its own.
        has_password: whether it takes a password that is not empty; None when that is not known.
        is_ber: whether it is no DER.
    """

    parts: tuple[Protection, ...]
    mac: Protection | None
    is_whole: bool
    has_open_key: bool = False
    has_password: bool | None = True
    is_ber: bool = False

    @property
    def digest(self) -> str | None:
        """The MAC's digest, "PBMAC1 …" for that scheme; None without a MAC."""
        return None if self.mac is None else self.mac.cipher

    @property
    def ciphers(self) -> tuple[str, ...]:
        """Each cipher once."""
        return tuple(dict.fromkeys(part.cipher for part in self.parts))

    @property
    def derivations(self) -> tuple[str, ...]:
        """How keys come from the password, each once."""
        return tuple(dict.fromkeys(part.derivation for part in self.parts if part.derivation is not None))

    @property
    def rounds(self) -> tuple[int, ...]:
        """Of every derivation, the MAC's last."""
        every = (*self.parts, *([self.mac] if self.mac is not None else []))
        return tuple(one.rounds for one in every if one.rounds is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Program:
    """What one reads: what is in neither set is not known of it.

    Attributes:
        macs: digests, "PBMAC1", and _NO_MAC for a file without one.
        pbmac1_since: the version that reads it first; None where that is not known, or never.
        reads_ber: whether it is known to read BER too.
        also: what else keeps it from opening one; returns the reason, or None.
    """

    name: str
    reads: frozenset[str]
    refuses: frozenset[str]
    macs: frozenset[str]
    refused_macs: frozenset[str] = frozenset()
    pbmac1_since: str | None = None
    reads_ber: bool = False
    also: Callable[[P12Facts], Message | None] | None = None


def openers(facts: P12Facts) -> tuple[Opener, ...]:
    """Say of each program whether it opens the file, with the reason; the order is the same for all files."""
    return tuple(_opener(program, facts) for program in _PROGRAMS)


def _opener(program: _Program, facts: P12Facts) -> Opener:
    mac = _mac_word(facts.digest)
    needed = [*facts.ciphers, *(name for name in facts.derivations if name == "scrypt")]
    refused = [name for name in needed if name in program.refuses]
    if mac in program.refused_macs and mac != _NO_MAC:
        refused.append(f"MAC {mac}")
    other = None if program.also is None else program.also(facts)
    if refused:
        why = msg("It does not read {what}.", what=listed(refused))
        return Opener(program=program.name, opens=False, why=why)
    if mac == _NO_MAC and mac in program.refused_macs:
        why = msg("It does not open a file without a MAC.")
        return Opener(program=program.name, opens=False, why=why)
    if other is not None:
        return Opener(program=program.name, opens=False, why=other)
    unknown = [name for name in needed if name not in program.reads]
    unknown += [f"MAC {mac}"] if mac not in program.macs and mac != _NO_MAC else []
    unknown += ["BER"] if facts.is_ber and not program.reads_ber else []
    if mac == "PBMAC1" and program.pbmac1_since is not None and unknown == [f"MAC {mac}"]:
        why = msg("It reads PBMAC1 from version {version} on.", version=program.pbmac1_since)
        return Opener(program=program.name, opens=None, why=why)
    if unknown:
        why = msg("Whether it reads {what} is not known here.", what=listed(unknown))
        return Opener(program=program.name, opens=None, why=why)
    if mac not in program.macs:
        why = msg("Whether it opens a file without a MAC is not known here.")
        return Opener(program=program.name, opens=None, why=why)
    if not facts.is_whole:
        why = msg("It reads what can be seen; what a closed part holds is not known.")
        return Opener(program=program.name, opens=None, why=why)
    return Opener(program=program.name, opens=True, why=msg("It reads all that the file uses."))


def _mac_word(digest: str | None) -> str:
    if digest is None:
        return _NO_MAC
    return "PBMAC1" if digest.startswith("PBMAC1") else digest


def _java(facts: P12Facts) -> Message | None:
    if any(rounds > _JAVA_ROUNDS for rounds in facts.rounds):
        return msg("It takes at most {limit} rounds.", limit=_JAVA_ROUNDS)
    if facts.has_open_key:
        return msg("It overlooks private keys that lie open.")
    return None


def _dotnet(facts: P12Facts) -> Message | None:
    if any(rounds > _DOTNET_ROUNDS for rounds in facts.rounds) or sum(facts.rounds) > _DOTNET_TOTAL:
        return msg(
            "It takes at most {limit} rounds at once and {total} in all, unless the program asks for more.",
            limit=_DOTNET_ROUNDS,
            total=_DOTNET_TOTAL,
        )
    return None


_OPENSSL_MACS = frozenset({"MD5", "SHA-1", _NO_MAC}) | _SHA2
_OPENSSL = _AES | {"PBE-SHA1-3DES", "PBE-SHA1-2DES", "PBES2 3DES-CBC"}
_OPENSSL_LEGACY = _RC2_RC4 | _PBES1 | {"PBES2 DES-CBC", "PBES2 RC2-CBC"}
_NOT_IN_JAVA = frozenset({"PBES2 AES-192-CBC", "PBES2 3DES-CBC", "PBES2 DES-CBC", "PBES2 RC2-CBC", "scrypt"})
_JAVA_OLD = _RC2_RC4 | {"PBE-SHA1-3DES", "PBE-MD5-DES"}
_JAVA_NEW = _JAVA_OLD | {"PBES2 AES-128-CBC", "PBES2 AES-256-CBC"}
_JAVA_REFUSED = _NOT_IN_JAVA | {"PBE-SHA1-2DES", "PBE-SHA1-DES"}
_WINDOWS_OLD = frozenset({"PBE-SHA1-3DES", "PBE-SHA1-RC2-40"})

_PROGRAMS = (
    _Program(
        name="OpenSSL 3",
        reads_ber=True,
        reads=_OPENSSL | {"scrypt"},
        refuses=_OPENSSL_LEGACY,
        pbmac1_since="3.4",
        macs=_OPENSSL_MACS,
    ),
    _Program(
        name="OpenSSL 3 (-legacy)",
        reads_ber=True,
        reads=_OPENSSL | _OPENSSL_LEGACY | {"scrypt"},
        refuses=frozenset(),
        pbmac1_since="3.4",
        macs=_OPENSSL_MACS,
    ),
    _Program(
        name="OpenSSL 1.0.2, 1.1.1",
        reads_ber=True,
        reads=_OPENSSL | _OPENSSL_LEGACY,
        refuses=frozenset(),
        macs=_OPENSSL_MACS,
        refused_macs=frozenset({"PBMAC1"}),
    ),
    _Program(
        name="Java 8 (< 8u301), Java 11 (< 11.0.12)",
        reads_ber=True,
        reads=_JAVA_OLD,
        refuses=_JAVA_REFUSED,
        macs=frozenset({"SHA-1"}),
        refused_macs=_SHA2 | {"MD5", "PBMAC1"},
        also=_java,
    ),
    _Program(
        name="Java 8u301, 11.0.12",
        reads_ber=True,
        reads=_JAVA_NEW,
        refuses=_JAVA_REFUSED,
        macs=frozenset({"SHA-1"}) | _SHA2,
        refused_macs=frozenset({"MD5", "PBMAC1"}),
        also=_java,
    ),
    _Program(
        name="Java 17",
        reads_ber=True,
        reads=_JAVA_NEW,
        refuses=_JAVA_REFUSED,
        macs=frozenset({"SHA-1", _NO_MAC}) | _SHA2,
        refused_macs=frozenset({"MD5", "PBMAC1"}),
        also=_java,
    ),
    _Program(
        name="Windows Server 2016",
        reads=_WINDOWS_OLD,
        refuses=_AES | {"PBES2 3DES-CBC", "PBES2 DES-CBC", "PBES2 RC2-CBC"},
        macs=frozenset({"SHA-1"}),
        refused_macs=frozenset({"PBMAC1"}),
    ),
    _Program(
        name="Windows Server 2019",
        reads=_WINDOWS_OLD | {"PBES2 AES-256-CBC"},
        refuses=frozenset(),
        macs=frozenset({"SHA-1", "SHA-256"}),
    ),
    _Program(
        name=".NET 9",
        reads=_WINDOWS_OLD | {"PBES2 AES-256-CBC"},
        refuses=frozenset(),
        macs=frozenset({"SHA-1", "SHA-256"}),
        also=_dotnet,
    ),
    _Program(
        name="macOS",
        reads=_WINDOWS_OLD,
        refuses=_AES,
        macs=frozenset({"SHA-1"}),
        refused_macs=_SHA2 | {"PBMAC1"},
    ),
    _Program(
        name="Firefox, NSS",
        reads_ber=True,
        reads=_AES | _RC2_RC4 | {"PBE-SHA1-3DES", "PBES2 3DES-CBC", "PBES2 DES-CBC"},
        refuses=frozenset({"PBE-SHA1-2DES", "PBE-MD5-DES", "PBE-SHA1-DES"}),
        macs=frozenset({"MD5", "SHA-1"}) | _SHA2,
        refused_macs=frozenset({_NO_MAC}),
    ),
)
