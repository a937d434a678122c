"""Revocation lists (CRL) that a person keeps for the workspace, by digest."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make their table."""
    op.create_table(
        "revocation_lists",
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("issuer", sa.Text),
        sa.Column("scope", sa.Text, nullable=False),
        sa.Column("number", sa.Text),
        sa.Column("this_update", sa.DateTime(timezone=True)),
        sa.Column("next_update", sa.DateTime(timezone=True)),
        sa.Column("signer", sa.String(64)),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("der", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_revocation_lists"),
    )
