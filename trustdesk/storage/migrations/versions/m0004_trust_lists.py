"""Trust lists with versions and entries, decisions about trust, the trust log, identity providers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make their tables."""
    _lists()
    _decisions()
    _log()


def _lists() -> None:
    op.create_table(
        "trust_lists",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("in_force", sa.Boolean, nullable=False),
        sa.Column("pin", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_trust_lists"),
        sa.UniqueConstraint("name", name="uq_trust_lists_name"),
    )
    op.create_table(
        "trust_list_versions",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("list_id", sa.Integer, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("was_applied_at", sa.DateTime(timezone=True)),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sequence", sa.Text),
        sa.Column("issued_at", sa.DateTime(timezone=True)),
        sa.Column("next_update", sa.DateTime(timezone=True)),
        sa.Column("source_sha256", sa.String(64), nullable=False),
        sa.Column("entries", sa.Integer, nullable=False),
        sa.Column("envelope", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_trust_list_versions"),
        sa.ForeignKeyConstraint(
            ["list_id"], ["trust_lists.id"], name="fk_trust_list_versions_list_id", ondelete="CASCADE"
        ),
    )
    op.create_index(
        "uq_trust_list_versions_number", "trust_list_versions", ["list_id", "number"], unique=True
    )
    op.create_table(
        "trust_list_entries",
        sa.Column("version_id", sa.Integer, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("der", sa.LargeBinary),
        sa.Column("document", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("version_id", "position", name="pk_trust_list_entries"),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["trust_list_versions.id"],
            name="fk_trust_list_entries_version_id",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_trust_list_entries_sha256", "trust_list_entries", ["sha256"])


def _decisions() -> None:
    op.create_table(
        "local_decisions",
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("spki_sha256", sa.String(64)),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("seal", sa.String(64)),
        sa.PrimaryKeyConstraint("sha256", "kind", name="pk_local_decisions"),
    )
    op.create_table(
        "partner_policies",
        sa.Column("partner_id", sa.Integer, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("seal", sa.String(64)),
        sa.PrimaryKeyConstraint("partner_id", name="pk_partner_policies"),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partners.id"], name="fk_partner_policies_partner_id", ondelete="CASCADE"
        ),
    )
    op.create_table(
        "fingerprint_decisions",
        sa.Column("endpoint_id", sa.Integer, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("accepted", sa.Boolean, nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("endpoint_id", "sha256", name="pk_fingerprint_decisions"),
        sa.ForeignKeyConstraint(
            ["endpoint_id"],
            ["endpoints.id"],
            name="fk_fingerprint_decisions_endpoint_id",
            ondelete="CASCADE",
        ),
    )


def _log() -> None:
    op.create_table(
        "trust_log",
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_trust_log"),
    )
    op.create_table(
        "trust_seals",
        sa.Column("name", sa.String(16), nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_trust_seals"),
    )
    op.create_table(
        "provider_lists",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("pin", sa.Text),
        sa.PrimaryKeyConstraint("name", name="pk_provider_lists"),
    )
