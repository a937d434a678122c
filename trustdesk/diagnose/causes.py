"""The closed vocabulary of root causes, and who has to act on each.

A code is stable: it reaches documents, reports and saved history. Add one only together with a test that
produces it against a real server.
"""

from __future__ import annotations

from enum import StrEnum

from trustdesk.core.probe import Responsible


class Cause(StrEnum):
    """The root causes, by the part of a connection that they belong to."""

    # reach
    DNS_FAILURE = "dns_failure"
    CONNECTION_REFUSED = "connection_refused"
    CONNECT_TIMEOUT = "connect_timeout"
    CONNECTION_RESET_EARLY = "connection_reset_early"
    HANDSHAKE_STALLED = "handshake_stalled"
    CONNECTION_LOST_MID_HANDSHAKE = "connection_lost_mid_handshake"
    ADDRESS_DIFFERS = "address_differs"
    PROXY_AUTH_REQUIRED = "proxy_auth_required"
    PROXY_REFUSED = "proxy_refused"

    # wrong protocol
    NOT_TLS_PLAIN_HTTP = "not_tls_plain_http"
    NOT_TLS_OTHER = "not_tls_other"

    # server certificate
    SERVER_CERT_EXPIRED = "server_cert_expired"
    SERVER_CERT_NOT_YET_VALID = "server_cert_not_yet_valid"
    INTERMEDIATE_EXPIRED = "intermediate_expired"
    SERVER_MISSING_INTERMEDIATE = "server_missing_intermediate"
    SERVER_CA_NOT_IN_LIST = "server_ca_not_in_list"
    SERVER_SELF_SIGNED = "server_self_signed"
    SERVER_NAME_MISMATCH = "server_name_mismatch"
    SERVER_COMMON_NAME_ONLY = "server_common_name_only"
    SERVER_EKU_MISSING_SERVER_AUTH = "server_eku_missing_server_auth"
    SERVER_WEAK_SIGNATURE = "server_weak_signature"
    SERVER_WEAK_KEY = "server_weak_key"
    SERVER_NAME_CONSTRAINT_VIOLATION = "server_name_constraint_violation"
    SERVER_PATH_LENGTH_EXCEEDED = "server_path_length_exceeded"
    SERVER_INTERMEDIATE_NOT_CA = "server_intermediate_not_ca"
    SERVER_UNHANDLED_CRITICAL_EXTENSION = "server_unhandled_critical_extension"
    SERVER_CERT_REVOKED = "server_cert_revoked"
    SERVER_MUST_STAPLE_NOT_STAPLED = "server_must_staple_not_stapled"
    SERVER_REVOCATION_UNKNOWN = "server_revocation_unknown"
    TLS_INTERCEPTION = "tls_interception"

    # negotiation
    SERVER_LEGACY_PROTOCOL_ONLY = "server_legacy_protocol_only"
    SERVER_ACCEPTS_LEGACY_PROTOCOL = "server_accepts_legacy_protocol"
    NO_SHARED_CIPHER = "no_shared_cipher"
    WEAK_PARAMETERS = "weak_parameters"
    LEGACY_RENEGOTIATION_SERVER = "legacy_renegotiation_server"
    PROTOCOL_VIOLATION = "protocol_violation"
    ALERT_UNEXPLAINED = "alert_unexplained"
    SNI_REQUIRED = "sni_required"
    ALPN_MISMATCH = "alpn_mismatch"
    LARGE_CLIENT_HELLO_INTOLERANCE = "large_client_hello_intolerance"

    # our client certificate
    CLIENT_CERT_REQUIRED = "client_cert_required"
    CLIENT_CERT_NOT_SENT_BY_POLICY = "client_cert_not_sent_by_policy"
    CLIENT_CHAIN_INCOMPLETE = "client_chain_incomplete"
    CLIENT_CA_NOT_TRUSTED = "client_ca_not_trusted"
    CLIENT_SELF_SIGNED = "client_self_signed"
    CLIENT_CERT_EXPIRED = "client_cert_expired"
    CLIENT_CERT_NOT_YET_VALID = "client_cert_not_yet_valid"
    CLIENT_EKU_MISSING_CLIENT_AUTH = "client_eku_missing_client_auth"
    CLIENT_KU_MISSING_DIGITAL_SIGNATURE = "client_ku_missing_digital_signature"
    CLIENT_CERT_REVOKED = "client_cert_revoked"
    CLIENT_KEY_TOO_WEAK = "client_key_too_weak"
    CLIENT_KEY_ALGORITHM_NOT_ACCEPTED = "client_key_algorithm_not_accepted"
    CLIENT_KEY_MISMATCH = "client_key_mismatch"
    SERVER_CRL_STALE = "server_crl_stale"
    SERVER_CRL_MISSING = "server_crl_missing"
    POST_HANDSHAKE_AUTH_REQUIRED = "post_handshake_auth_required"
    RENEGOTIATION_AUTH_REQUIRED = "renegotiation_auth_required"
    SESSION_RESUMED_WITHOUT_CERTIFICATE = "session_resumed_without_certificate"
    CLIENT_CERT_REJECTED_UNEXPLAINED = "client_cert_rejected_unexplained"

    # application
    HTTP_UNAUTHORIZED = "http_unauthorized"
    HTTP_FORBIDDEN = "http_forbidden"
    TLS_TERMINATED_UPSTREAM = "tls_terminated_upstream"
    HTTP_SERVER_ERROR = "http_server_error"
    AMQP_EXTERNAL_NOT_OFFERED = "amqp_external_not_offered"

    # here
    LOCAL_CLOCK_WRONG = "local_clock_wrong"
    NONE = "none"

    @property
    def sides(self) -> tuple[Responsible, ...]:
        """Who may have to act, the likeliest first."""
        return _SIDES.get(self, (Responsible.PARTNER,))


_US, _PARTNER, _NETWORK = Responsible.US, Responsible.PARTNER, Responsible.NETWORK
_CA, _UNCLEAR, _NOBODY = Responsible.CA, Responsible.UNCLEAR, Responsible.NOBODY

_SIDES: dict[Cause, tuple[Responsible, ...]] = {
    Cause.DNS_FAILURE: (_US, _NETWORK),
    Cause.CONNECTION_REFUSED: (_NETWORK, _PARTNER),
    Cause.CONNECT_TIMEOUT: (_NETWORK,),
    Cause.CONNECTION_RESET_EARLY: (_NETWORK, _PARTNER),
    Cause.HANDSHAKE_STALLED: (_NETWORK, _PARTNER),
    Cause.CONNECTION_LOST_MID_HANDSHAKE: (_NETWORK, _PARTNER),
    Cause.PROXY_AUTH_REQUIRED: (_US,),
    Cause.PROXY_REFUSED: (_NETWORK,),
    Cause.NOT_TLS_PLAIN_HTTP: (_US, _PARTNER),
    Cause.NOT_TLS_OTHER: (_US, _PARTNER),
    Cause.SERVER_CA_NOT_IN_LIST: (_PARTNER, _US),
    Cause.SERVER_NAME_MISMATCH: (_PARTNER, _US),
    Cause.SERVER_NAME_CONSTRAINT_VIOLATION: (_CA,),
    Cause.SERVER_PATH_LENGTH_EXCEEDED: (_CA,),
    Cause.SERVER_INTERMEDIATE_NOT_CA: (_CA,),
    Cause.SERVER_UNHANDLED_CRITICAL_EXTENSION: (_CA,),
    Cause.SERVER_REVOCATION_UNKNOWN: (_CA, _PARTNER),
    Cause.TLS_INTERCEPTION: (_NETWORK,),
    Cause.NO_SHARED_CIPHER: (_PARTNER, _US),
    Cause.PROTOCOL_VIOLATION: (_PARTNER, _NETWORK),
    Cause.ALERT_UNEXPLAINED: (_UNCLEAR,),
    Cause.SNI_REQUIRED: (_US,),
    Cause.ALPN_MISMATCH: (_PARTNER, _US),
    Cause.LARGE_CLIENT_HELLO_INTOLERANCE: (_NETWORK, _PARTNER),
    Cause.CLIENT_CERT_REQUIRED: (_US,),
    Cause.CLIENT_CERT_NOT_SENT_BY_POLICY: (_PARTNER, _US),
    Cause.CLIENT_CHAIN_INCOMPLETE: (_US,),
    Cause.CLIENT_SELF_SIGNED: (_US,),
    Cause.CLIENT_CERT_EXPIRED: (_US,),
    Cause.CLIENT_CERT_NOT_YET_VALID: (_US,),
    Cause.CLIENT_EKU_MISSING_CLIENT_AUTH: (_US, _CA),
    Cause.CLIENT_KU_MISSING_DIGITAL_SIGNATURE: (_US, _CA),
    Cause.CLIENT_CERT_REVOKED: (_US,),
    Cause.CLIENT_KEY_TOO_WEAK: (_US,),
    Cause.CLIENT_KEY_ALGORITHM_NOT_ACCEPTED: (_PARTNER, _US),
    Cause.CLIENT_KEY_MISMATCH: (_US,),
    Cause.POST_HANDSHAKE_AUTH_REQUIRED: (_US,),
    Cause.RENEGOTIATION_AUTH_REQUIRED: (_US, _PARTNER),
    Cause.SESSION_RESUMED_WITHOUT_CERTIFICATE: (_US,),
    Cause.CLIENT_CERT_REJECTED_UNEXPLAINED: (_UNCLEAR,),
    Cause.HTTP_UNAUTHORIZED: (_US,),
    Cause.LOCAL_CLOCK_WRONG: (_US,),
    Cause.NONE: (_NOBODY,),
}
