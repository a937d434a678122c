"""The facts that rules match on: a closed vocabulary, and the set of those that were seen.

A fact is what was observed or what follows from it by arithmetic, never a guess at a cause. Each comes with
the sentence that says it for this case, and with the probe that showed it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from trustdesk.core.message import Message
from trustdesk.core.trust import ServerFault


class Fact(StrEnum):
    """What can be seen. "First" is the first probe: the target as it was given."""

    # how the first probe ended
    ANSWERED = "answered"
    CANCELLED = "cancelled"
    NAME_UNRESOLVED = "name_unresolved"
    TCP_REFUSED = "tcp_refused"
    TCP_SILENT = "tcp_silent"
    PROXY_WANTS_LOGIN = "proxy_wants_login"
    PROXY_REFUSES = "proxy_refuses"
    PROXY_NOT_REACHED = "proxy_not_reached"
    SPEAKS_PLAIN_HTTP = "speaks_plain_http"
    SPEAKS_OTHER_PROTOCOL = "speaks_other_protocol"
    ENDED_BEFORE_SERVER_HELLO = "ended_before_server_hello"
    ENDED_AFTER_SERVER_HELLO = "ended_after_server_hello"
    SILENT_BEFORE_SERVER_HELLO = "silent_before_server_hello"
    SILENT_AFTER_SERVER_HELLO = "silent_after_server_hello"
    BREAKS_TLS = "breaks_tls"
    SENT_TOO_MUCH = "sent_too_much"
    ANSWER_UNREADABLE = "answer_unreadable"
    WE_REFUSED_VERSION = "we_refused_version"
    WE_REFUSED_PARAMETERS = "we_refused_parameters"
    ALERT_BEFORE_SERVER_HELLO = "alert_before_server_hello"
    ALERT_AFTER_SERVER_HELLO = "alert_after_server_hello"
    ALERT_HANDSHAKE_FAILURE = "alert_handshake_failure"
    ALERT_BAD_CERTIFICATE = "alert_bad_certificate"
    ALERT_UNSUPPORTED_CERTIFICATE = "alert_unsupported_certificate"
    ALERT_CERTIFICATE_REVOKED = "alert_certificate_revoked"
    ALERT_CERTIFICATE_EXPIRED = "alert_certificate_expired"
    ALERT_CERTIFICATE_UNKNOWN = "alert_certificate_unknown"
    ALERT_UNKNOWN_CA = "alert_unknown_ca"
    ALERT_ACCESS_DENIED = "alert_access_denied"
    ALERT_DECRYPT_ERROR = "alert_decrypt_error"
    ALERT_PROTOCOL_VERSION = "alert_protocol_version"
    ALERT_INSUFFICIENT_SECURITY = "alert_insufficient_security"
    ALERT_UNRECOGNIZED_NAME = "alert_unrecognized_name"
    ALERT_CERTIFICATE_REQUIRED = "alert_certificate_required"
    ALERT_NO_APPLICATION_PROTOCOL = "alert_no_application_protocol"
    ALERT_OTHER = "alert_other"

    # what was negotiated, and what was not offered
    LEGACY_VERSION_CHOSEN = "legacy_version_chosen"
    TLS_1_2_CHOSEN = "tls_1_2_chosen"
    TLS_1_3_CHOSEN = "tls_1_3_chosen"
    WEAK_SUITE_CHOSEN = "weak_suite_chosen"
    NO_SECURE_RENEGOTIATION = "no_secure_renegotiation"
    SESSION_RESUMED = "session_resumed"
    NO_SERVER_NAME_SENT = "no_server_name_sent"
    OTHER_SERVER_NAME_SENT = "other_server_name_sent"
    LARGE_CLIENT_HELLO_SENT = "large_client_hello_sent"

    # the client certificate on the wire
    CERTIFICATE_SENT = "certificate_sent"
    CERTIFICATE_REFUSED = "certificate_refused"
    CERTIFICATE_MISSED = "certificate_missed"
    CERTIFICATE_ASKED_LATER = "certificate_asked_later"
    CERTIFICATE_NOT_ASKED = "certificate_not_asked"
    CERTIFICATE_UNUSABLE = "certificate_unusable"
    IDENTITY_NOT_SENT = "identity_not_sent"
    PAGE_NO_CERTIFICATE = "page_no_certificate"
    PAGE_CERTIFICATE_ERROR = "page_certificate_error"
    PAGE_NOT_ASKED_LATER = "page_not_asked_later"
    REFUSED_WITHOUT_REASON = "refused_without_reason"
    CAS_NOT_NAMED = "cas_not_named"
    ISSUER_NAMED = "issuer_named"
    ISSUER_NOT_NAMED = "issuer_not_named"
    NAMED_CA_ABOVE_WHAT_WE_SENT = "named_ca_above_what_we_sent"
    KEY_NOT_AMONG_SCHEMES = "key_not_among_schemes"

    # the answer inside TLS
    HTTP_401 = "http_401"
    HTTP_403 = "http_403"
    HTTP_5XX = "http_5xx"
    LOGIN_IS_NO_TOKEN = "login_is_no_token"  # noqa: S105 - a fact, not a password
    AMQP_WITHOUT_EXTERNAL = "amqp_without_external"

    # the server's certificate: the faults of the judgement, by their own names
    SERVER_UNREADABLE = "server_unreadable"
    SERVER_KEY_PUBLISHED = "server_key_published"
    SERVER_DISTRUSTED = "server_distrusted"
    SERVER_SELF_SIGNED = "server_self_signed"
    SERVER_EXPIRED = "server_expired"
    SERVER_NOT_YET_VALID = "server_not_yet_valid"
    SERVER_INTERMEDIATE_EXPIRED = "server_intermediate_expired"
    SERVER_REVOKED = "server_revoked"
    SERVER_MISSING_INTERMEDIATE = "server_missing_intermediate"
    SERVER_CA_NOT_IN_LIST = "server_ca_not_in_list"
    SERVER_NOT_THROUGH_CHOSEN_CA = "server_not_through_chosen_ca"
    SERVER_PIN_MISMATCH = "server_pin_mismatch"
    SERVER_COMMON_NAME_ONLY = "server_common_name_only"
    SERVER_NAME_MISMATCH = "server_name_mismatch"
    SERVER_PURPOSE = "server_purpose"
    SERVER_WEAK_SIGNATURE = "server_weak_signature"
    SERVER_WEAK_KEY = "server_weak_key"
    SERVER_NAME_CONSTRAINTS = "server_name_constraints"
    SERVER_PATH_LENGTH = "server_path_length"
    SERVER_ISSUER_NOT_CA = "server_issuer_not_ca"
    SERVER_ISSUER_PURPOSE = "server_issuer_purpose"
    SERVER_CRITICAL_EXTENSION = "server_critical_extension"
    SERVER_CA_AS_SERVER = "server_ca_as_server"
    SERVER_NOT_STAPLED = "server_not_stapled"
    SERVER_REVOCATION_UNKNOWN = "server_revocation_unknown"
    SERVER_REFUSED = "server_refused"
    INTERCEPTOR_NAMED = "interceptor_named"

    # our own certificate
    OWN_EXPIRED = "own_expired"
    OWN_NOT_YET_VALID = "own_not_yet_valid"
    OWN_NO_CLIENT_AUTH = "own_no_client_auth"
    OWN_NO_DIGITAL_SIGNATURE = "own_no_digital_signature"
    OWN_WEAK = "own_weak"
    OWN_SELF_SIGNED = "own_self_signed"
    OWN_REVOKED = "own_revoked"
    OWN_NOT_REVOKED = "own_not_revoked"
    OWN_CRL_OF_NO_USE = "own_crl_of_no_use"
    OWN_KEY_MISMATCH = "own_key_mismatch"
    OWN_CHAIN_ALONE = "own_chain_alone"
    OWN_CHAIN_INCOMPLETE = "own_chain_incomplete"
    OWN_CHAIN_COMPLETE = "own_chain_complete"
    OWN_CLEAN = "own_clean"

    # clocks, legacy versions, addresses
    CLOCK_EXPLAINS_SERVER_DATES = "clock_explains_server_dates"
    CLOCK_EXPLAINS_OWN_DATES = "clock_explains_own_dates"
    LEGACY_ACCEPTED = "legacy_accepted"
    ADDRESSES_DIFFER = "addresses_differ"
    ADDRESS_SILENT = "address_silent"

    # contrasts: what another probe that differs in one thing showed against the first
    WITHOUT_CERTIFICATE_FURTHER = "without_certificate_further"
    WITHOUT_CERTIFICATE_SAME = "without_certificate_same"
    WITHOUT_CERTIFICATE_OTHER = "without_certificate_other"
    WITHOUT_NAME_FURTHER = "without_name_further"
    WITHOUT_NAME_SAME = "without_name_same"
    WITHOUT_NAME_OTHER_CERTIFICATE = "without_name_other_certificate"
    WITHOUT_ALPN_FURTHER = "without_alpn_further"
    WITHOUT_ALPN_SAME = "without_alpn_same"
    CLASSIC_FURTHER = "classic_further"
    CLASSIC_SAME = "classic_same"
    TLS_1_2_FURTHER = "tls_1_2_further"
    TLS_1_2_SAME = "tls_1_2_same"


def fault_fact(fault: ServerFault) -> Fact:
    """Return the fact that stands for a fault of the server's certificate."""
    return Fact(f"server_{fault.value}")


@dataclass(frozen=True, slots=True)
class Shown:
    """One fact of this case.

    Attributes:
        sentence: the fact with its values.
        probe: id of the probe that showed it; None for what was known before connecting.
    """

    fact: Fact
    sentence: Message
    probe: str | None = None


class FactSet:
    """The facts of one case, each once, in the order in which they were found."""

    def __init__(self, shown: Iterable[Shown] = ()) -> None:
        self._shown: dict[Fact, Shown] = {}
        for one in shown:
            self._shown.setdefault(one.fact, one)

    def __contains__(self, fact: object) -> bool:
        return fact in self._shown

    def __getitem__(self, fact: Fact) -> Shown:
        return self._shown[fact]

    def __iter__(self) -> Iterator[Fact]:
        return iter(self._shown)

    def __len__(self) -> int:
        return len(self._shown)
