"""The workspace's tables as they are now; `migrations` brings older workspaces here.

Portable SQLAlchemy Core: the same tables stand in SQLite and in PostgreSQL.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

from trustdesk.storage.column_types import ForeignText, UtcInstant

HEAD = "0005"
"""Revision of these tables: the newest in `migrations.versions`."""


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

partners = Table(
    "partners",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", ForeignText, nullable=False, unique=True),
    Column("company_id", ForeignText, nullable=False),
    Column("role", String(32)),  # core.partner.PartnerRole; None: not said
    Column("note", ForeignText, nullable=False),
    Column("details", Text, nullable=False),  # JSON: one_record_ids, contacts, tags
    Column("revision", Integer, nullable=False),
)

endpoints = Table(
    "endpoints",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("partner_id", ForeignKey("partners.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("protocol", String(16), nullable=False),
    Column("host", String(255), nullable=False),
    Column("port", Integer, nullable=False),
    Column("path", Text, nullable=False),
    Column("connect_address", String(255)),
    Column("connect_port", Integer),
    Column("server_name", String(255)),
    Column("verify_name", String(255), nullable=False),
    Column("alpn", Text, nullable=False),  # JSON array of names
    Column("identity", ForeignText),
    Column("note", ForeignText, nullable=False),
    Column("claims_mutual_tls", Boolean, nullable=False),
)

certificates = Table(
    "certificates",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("der", LargeBinary, nullable=False),
    Column("subject", ForeignText),
    Column("issuer", ForeignText),
    Column("not_before", UtcInstant),
    Column("not_after", UtcInstant, index=True),
    Column("first_seen", UtcInstant, nullable=False),
    Column("facts", Text, nullable=False),  # JSON of formats.records.facts_document
)

observation_facts = Table(
    "observation_facts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("sha256", String(64), nullable=False, unique=True),  # of the document
    Column("document", Text, nullable=False),  # canonical JSON of core.observation.ObservationFacts
)

presented_chains = Table(
    "presented_chains",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("sha256", String(64), nullable=False, unique=True),  # over the digests in their order
)

presented_certificates = Table(
    "presented_certificates",
    metadata,
    Column("chain_id", ForeignKey("presented_chains.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),  # 0 is the end entity
    Column("sha256", ForeignKey("certificates.sha256"), nullable=False, index=True),
)

observations = Table(
    "observations",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("endpoint_id", ForeignKey("endpoints.id", ondelete="CASCADE")),  # None: a target of no partner
    Column("started_at", UtcInstant, nullable=False),
    Column("facts_id", ForeignKey("observation_facts.id"), nullable=False),
    Column("chain_id", ForeignKey("presented_chains.id"), index=True),  # None: nothing was presented
    Column("handshake_ms", Float),
    Column("first_byte_ms", Float),
    Column("changed", Boolean, nullable=False),  # whether `changes` has something of it
    Index(None, "endpoint_id", "started_at", "id"),
)

observation_reports = Table(
    "observation_reports",
    metadata,
    Column("observation_id", ForeignKey("observations.id", ondelete="CASCADE"), primary_key=True),
    Column("schema_number", Integer, nullable=False),
    Column("document", LargeBinary, nullable=False),  # zlib over the JSON of formats.records.report_document
)

changes = Table(
    "changes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("observation_id", ForeignKey("observations.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("endpoint_id", ForeignKey("endpoints.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("at", UtcInstant, nullable=False, index=True),
    Column("kind", String(32), nullable=False),  # core.observation.ChangeKind
    Column("before", ForeignText, nullable=False),
    Column("after", ForeignText, nullable=False),
)

endpoint_standings = Table(
    "endpoint_standings",
    metadata,
    Column("endpoint_id", ForeignKey("endpoints.id", ondelete="CASCADE"), primary_key=True),
    Column("observation_id", ForeignKey("observations.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("form", Integer, nullable=False),  # of the document: one in another form is made again
    Column("document", Text, nullable=False),  # JSON: the board's row, and what makes it out of date
)

readiness_checks = Table(
    "readiness_checks",
    metadata,
    Column("endpoint_id", ForeignKey("endpoints.id", ondelete="CASCADE"), primary_key=True),
    Column("checked_at", UtcInstant, nullable=False),
    Column("document", Text, nullable=False),  # JSON of core.readiness.Readiness
)

sweeps = Table(
    "sweeps",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("started_at", UtcInstant, nullable=False),
    Column("ended_at", UtcInstant),  # None: it runs, or a crash ended it
    Column(
        "targets_sha256", String(64), nullable=False
    ),  # of what it was to test, so that it resumes the same
    Column("targets", Integer, nullable=False),
    Column("document", Text, nullable=False),  # JSON: what else it takes to go on
)

sweep_results = Table(
    "sweep_results",
    metadata,
    Column("sweep_id", ForeignKey("sweeps.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),  # of the target in the sweep
    Column("observation_id", ForeignKey("observations.id", ondelete="CASCADE"), nullable=False, index=True),
)

settings = Table(
    "settings",
    metadata,
    Column("name", String(32), primary_key=True),  # "workspace": JSON of core.workspace_settings
    Column("document", Text, nullable=False),
)

revocation_lists = Table(
    "revocation_lists",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("issuer", ForeignText),
    Column("scope", Text, nullable=False),  # digest of what narrows the list; see KeptList
    Column("number", Text),  # decimal: up to 20 octets, more than any database counts
    Column("this_update", UtcInstant),
    Column("next_update", UtcInstant),
    Column("signer", String(64)),  # SHA-256 of the certificate whose key signed it; None: not known
    Column("source", ForeignText, nullable=False),
    Column("kept_at", UtcInstant, nullable=False),
    Column("size", Integer, nullable=False),
    Column("der", LargeBinary, nullable=False),
)

workspace_ids = Table(
    "workspace_ids",
    metadata,
    Column("name", String(16), primary_key=True),  # "key_store": in the names of its records
    Column("value", String(32), nullable=False),  # 128 random bits, hex
)

keys = Table(
    "keys",
    metadata,
    Column("reference", String(48), primary_key=True),  # core.key_store.KeyReference
    Column("state", String(8), nullable=False),  # pending, active, deleting
    Column("store_title", ForeignText, nullable=False),
    Column("parts", Integer, nullable=False),  # records in the store
    Column("algorithm", String(16), nullable=False),
    Column("bits", Integer, nullable=False),
    Column("curve", String(16)),
    Column("spki_sha256", String(64), nullable=False, index=True),
    Column("created_at", UtcInstant, nullable=False),
    Column("source", ForeignText, nullable=False),
)

identities = Table(
    "identities",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", ForeignText, nullable=False, unique=True),
    Column("key_reference", ForeignKey("keys.reference"), nullable=False, index=True),
    Column("added_at", UtcInstant, nullable=False),
    Column("source", ForeignText, nullable=False),
    Column("renews", ForeignText),  # a name: the identity may be gone
)

identity_certificates = Table(
    "identity_certificates",
    metadata,
    Column("identity_id", ForeignKey("identities.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),  # 0 is the end entity
    Column("sha256", ForeignKey("certificates.sha256"), nullable=False, index=True),
)

requests = Table(
    "requests",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", ForeignText, nullable=False),
    Column("purpose", String(8), nullable=False),
    Column("state", String(16), nullable=False),
    Column("der", LargeBinary, nullable=False),
    Column("key_reference", ForeignKey("keys.reference"), index=True),  # None: made on the server
    Column("spki_sha256", String(64), nullable=False, index=True),
    Column("created_at", UtcInstant, nullable=False),
    Column("partner", ForeignText),
    Column("renews", ForeignText),
    Column("certificate", ForeignKey("certificates.sha256")),
    Column("identity", ForeignText),
)

authorities = Table(
    "authorities",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", ForeignText, nullable=False, unique=True),
    Column("root", ForeignKey("certificates.sha256"), nullable=False),
    Column("issuing", ForeignKey("certificates.sha256"), nullable=False),
    Column("root_key_reference", ForeignKey("keys.reference"), nullable=False),
    Column("issuing_key_reference", ForeignKey("keys.reference"), nullable=False),
    Column("crl_url", Text),
    Column("created_at", UtcInstant, nullable=False),
    Column("crl_number", Integer, nullable=False),  # 0: none issued yet
    Column("crl", LargeBinary),
    Column("crl_next_update", UtcInstant),
)

issued_certificates = Table(
    "issued_certificates",
    metadata,
    Column("authority_id", ForeignKey("authorities.id", ondelete="CASCADE"), primary_key=True),
    Column("sha256", ForeignKey("certificates.sha256"), primary_key=True),
    Column("purpose", String(8), nullable=False),
    Column("issued_at", UtcInstant, nullable=False),
    Column("revoked_at", UtcInstant),
    Column("reason", String(32)),
)

trust_lists = Table(
    "trust_lists",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", ForeignText, nullable=False, unique=True),
    Column("url", Text, nullable=False),  # "" for a list that came from a file
    Column("in_force", Boolean, nullable=False),
    Column("pin", Text),  # JSON of SignerPin with its seal; None: no signer is pinned
)

trust_list_versions = Table(
    "trust_list_versions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("list_id", ForeignKey("trust_lists.id", ondelete="CASCADE"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("was_applied_at", UtcInstant),  # None: never; undo goes by it
    Column("kept_at", UtcInstant, nullable=False),
    Column("sequence", Text),  # decimal: a publisher may count higher than a database
    Column("issued_at", UtcInstant),
    Column("next_update", UtcInstant),
    Column("source_sha256", String(64), nullable=False),
    Column("entries", Integer, nullable=False),
    Column("envelope", Text, nullable=False),  # JSON of ListContent without entries, and of ListSource
    Index("uq_trust_list_versions_number", "list_id", "number", unique=True),
)

trust_list_entries = Table(
    "trust_list_entries",
    metadata,
    Column("version_id", ForeignKey("trust_list_versions.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("sha256", String(64), nullable=False, index=True),
    Column("der", LargeBinary),  # None where the source names the certificate by its digest alone
    Column("document", Text, nullable=False),  # JSON of ListEntry without its certificate
)

local_decisions = Table(
    "local_decisions",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("kind", String(16), primary_key=True),  # a limit lies beneath a distrust, and outlives it
    Column("spki_sha256", String(64)),
    Column("decided_at", UtcInstant, nullable=False),
    Column("document", Text, nullable=False),  # JSON of LocalDecision
    Column("seal", String(64)),  # HMAC-SHA-256 in hex; None: made without a key store
)

partner_policies = Table(
    "partner_policies",
    metadata,
    Column("partner_id", ForeignKey("partners.id", ondelete="CASCADE"), primary_key=True),
    Column("document", Text, nullable=False),  # JSON of PartnerPolicy
    Column("seal", String(64)),
)

fingerprint_decisions = Table(
    "fingerprint_decisions",
    metadata,
    Column("endpoint_id", ForeignKey("endpoints.id", ondelete="CASCADE"), primary_key=True),
    Column("sha256", String(64), primary_key=True),
    Column("accepted", Boolean, nullable=False),
    Column("decided_at", UtcInstant, nullable=False),
)

trust_log = Table(
    "trust_log",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("hash", String(64), nullable=False),
    Column("document", Text, nullable=False),  # canonical JSON of LogEntry without its hash
)

trust_seals = Table(
    "trust_seals",
    metadata,
    Column("name", String(16), primary_key=True),  # "log": over the newest hash; "key": see value
    Column("value", Text, nullable=False),
)

provider_lists = Table(
    "provider_lists",
    metadata,
    Column("name", ForeignText, primary_key=True),
    Column("imported_at", UtcInstant, nullable=False),
    Column("document", Text, nullable=False),  # JSON of ProviderList
    Column("pin", Text),
)
