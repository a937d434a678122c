"""Keys by reference, identities, certificate requests, and a private CA with what it issued."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make their tables."""
    _keys()
    _identities()
    _requests()
    _authorities()


def _keys() -> None:
    op.create_table(
        "workspace_ids",
        sa.Column("name", sa.String(16), nullable=False),
        sa.Column("value", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_workspace_ids"),
    )
    op.create_table(
        "keys",
        sa.Column("reference", sa.String(48), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("store_title", sa.Text, nullable=False),
        sa.Column("parts", sa.Integer, nullable=False),
        sa.Column("algorithm", sa.String(16), nullable=False),
        sa.Column("bits", sa.Integer, nullable=False),
        sa.Column("curve", sa.String(16)),
        sa.Column("spki_sha256", sa.String(64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("reference", name="pk_keys"),
    )
    op.create_index("ix_keys_spki_sha256", "keys", ["spki_sha256"])


def _identities() -> None:
    op.create_table(
        "identities",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("key_reference", sa.String(48), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("renews", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_identities"),
        sa.UniqueConstraint("name", name="uq_identities_name"),
        sa.ForeignKeyConstraint(["key_reference"], ["keys.reference"], name="fk_identities_key_reference"),
    )
    op.create_index("ix_identities_key_reference", "identities", ["key_reference"])
    op.create_table(
        "identity_certificates",
        sa.Column("identity_id", sa.Integer, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("identity_id", "position", name="pk_identity_certificates"),
        sa.ForeignKeyConstraint(
            ["identity_id"],
            ["identities.id"],
            name="fk_identity_certificates_identity_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["sha256"], ["certificates.sha256"], name="fk_identity_certificates_sha256"),
    )
    op.create_index("ix_identity_certificates_sha256", "identity_certificates", ["sha256"])


def _requests() -> None:
    op.create_table(
        "requests",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("purpose", sa.String(8), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("der", sa.LargeBinary, nullable=False),
        sa.Column("key_reference", sa.String(48)),
        sa.Column("spki_sha256", sa.String(64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("partner", sa.Text),
        sa.Column("renews", sa.Text),
        sa.Column("certificate", sa.String(64)),
        sa.Column("identity", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_requests"),
        sa.ForeignKeyConstraint(["key_reference"], ["keys.reference"], name="fk_requests_key_reference"),
        sa.ForeignKeyConstraint(["certificate"], ["certificates.sha256"], name="fk_requests_certificate"),
    )
    op.create_index("ix_requests_key_reference", "requests", ["key_reference"])
    op.create_index("ix_requests_spki_sha256", "requests", ["spki_sha256"])


def _authorities() -> None:
    op.create_table(
        "authorities",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("root", sa.String(64), nullable=False),
        sa.Column("issuing", sa.String(64), nullable=False),
        sa.Column("root_key_reference", sa.String(48), nullable=False),
        sa.Column("issuing_key_reference", sa.String(48), nullable=False),
        sa.Column("crl_url", sa.Text),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("crl_number", sa.Integer, nullable=False),
        sa.Column("crl", sa.LargeBinary),
        sa.Column("crl_next_update", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name="pk_authorities"),
        sa.UniqueConstraint("name", name="uq_authorities_name"),
        sa.ForeignKeyConstraint(["root"], ["certificates.sha256"], name="fk_authorities_root"),
        sa.ForeignKeyConstraint(["issuing"], ["certificates.sha256"], name="fk_authorities_issuing"),
        sa.ForeignKeyConstraint(
            ["root_key_reference"], ["keys.reference"], name="fk_authorities_root_key_reference"
        ),
        sa.ForeignKeyConstraint(
            ["issuing_key_reference"], ["keys.reference"], name="fk_authorities_issuing_key_reference"
        ),
    )
    op.create_table(
        "issued_certificates",
        sa.Column("authority_id", sa.Integer, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("purpose", sa.String(8), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True)),
        sa.Column("reason", sa.String(32)),
        sa.PrimaryKeyConstraint("authority_id", "sha256", name="pk_issued_certificates"),
        sa.ForeignKeyConstraint(
            ["authority_id"],
            ["authorities.id"],
            name="fk_issued_certificates_authority_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["sha256"], ["certificates.sha256"], name="fk_issued_certificates_sha256"),
    )
