"""Partners in full; observations in a few numbers, with facts, chains and reports beside them; changes.

What was observed is brought over, and which changes there were is told by `core.observation_changes`, as it
is of new observations.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256

import sqlalchemy as sa
from alembic import op

from trustdesk.core.observation import Observation
from trustdesk.core.observation_changes import ServerCertificate, changes_between, past_of
from trustdesk.formats.observation_records import facts_from
from trustdesk.storage.migrations.documents_of_0004 import (
    document_of,
    facts_text,
    member,
    milliseconds,
    texts,
)
from trustdesk.verify.outline import outline

revision = "0005"
down_revision = "0004"

_AT_ONCE = 200


def upgrade() -> None:
    """Make the new tables, and bring over what was observed."""
    _partners()
    op.execute("CREATE TABLE observations_0004 AS SELECT * FROM observations")
    op.execute("CREATE TABLE presented_0004 AS SELECT * FROM observation_certificates")
    op.drop_table("observation_certificates")
    op.drop_table("observations")
    _observations()
    _changes()
    _beside()
    _bring_over()
    op.drop_table("presented_0004")
    op.drop_table("observations_0004")


def _partners() -> None:
    # With defaults: SQLite can add such columns in place, and a table that is made anew would on its way
    # delete what refers to it.
    op.add_column("partners", sa.Column("company_id", sa.Text, nullable=False, server_default=""))
    op.add_column("partners", sa.Column("role", sa.String(32)))
    op.add_column("partners", sa.Column("note", sa.Text, nullable=False, server_default=""))
    op.add_column("partners", sa.Column("details", sa.Text, nullable=False, server_default="{}"))
    op.add_column("partners", sa.Column("revision", sa.Integer, nullable=False, server_default="0"))
    op.add_column(
        "endpoints", sa.Column("claims_mutual_tls", sa.Boolean, nullable=False, server_default=sa.false())
    )


def _observations() -> None:
    op.create_table(
        "observation_facts",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_observation_facts"),
        sa.UniqueConstraint("sha256", name="uq_observation_facts_sha256"),
    )
    op.create_table(
        "presented_chains",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_presented_chains"),
        sa.UniqueConstraint("sha256", name="uq_presented_chains_sha256"),
    )
    op.create_table(
        "presented_certificates",
        sa.Column("chain_id", sa.Integer, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("chain_id", "position", name="pk_presented_certificates"),
        _reference("presented_certificates", "chain_id", "presented_chains.id", ondelete="CASCADE"),
        _reference("presented_certificates", "sha256", "certificates.sha256"),
    )
    op.create_index("ix_presented_certificates_sha256", "presented_certificates", ["sha256"])
    op.create_table(
        "observations",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("endpoint_id", sa.Integer),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("facts_id", sa.Integer, nullable=False),
        sa.Column("chain_id", sa.Integer),
        sa.Column("handshake_ms", sa.Float),
        sa.Column("first_byte_ms", sa.Float),
        sa.Column("changed", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_observations"),
        _reference("observations", "endpoint_id", "endpoints.id", ondelete="CASCADE"),
        _reference("observations", "facts_id", "observation_facts.id"),
        _reference("observations", "chain_id", "presented_chains.id"),
    )
    op.create_index(
        "ix_observations_endpoint_id_started_at_id", "observations", ["endpoint_id", "started_at", "id"]
    )
    op.create_index("ix_observations_chain_id", "observations", ["chain_id"])
    op.create_table(
        "observation_reports",
        sa.Column("observation_id", sa.Integer, nullable=False),
        sa.Column("schema_number", sa.Integer, nullable=False),
        sa.Column("document", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("observation_id", name="pk_observation_reports"),
        _reference("observation_reports", "observation_id", "observations.id", ondelete="CASCADE"),
    )


def _changes() -> None:
    op.create_table(
        "changes",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("observation_id", sa.Integer, nullable=False),
        sa.Column("endpoint_id", sa.Integer, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("before", sa.Text, nullable=False),
        sa.Column("after", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_changes"),
        _reference("changes", "observation_id", "observations.id", ondelete="CASCADE"),
        _reference("changes", "endpoint_id", "endpoints.id", ondelete="CASCADE"),
    )
    for column in ("observation_id", "endpoint_id", "at"):
        op.create_index(f"ix_changes_{column}", "changes", [column])
    op.create_table(
        "endpoint_standings",
        sa.Column("endpoint_id", sa.Integer, nullable=False),
        sa.Column("observation_id", sa.Integer, nullable=False),
        sa.Column("form", sa.Integer, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("endpoint_id", name="pk_endpoint_standings"),
        _reference("endpoint_standings", "endpoint_id", "endpoints.id", ondelete="CASCADE"),
        _reference("endpoint_standings", "observation_id", "observations.id", ondelete="CASCADE"),
    )
    op.create_index("ix_endpoint_standings_observation_id", "endpoint_standings", ["observation_id"])


def _beside() -> None:
    op.create_table(
        "readiness_checks",
        sa.Column("endpoint_id", sa.Integer, nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("endpoint_id", name="pk_readiness_checks"),
        _reference("readiness_checks", "endpoint_id", "endpoints.id", ondelete="CASCADE"),
    )
    op.create_table(
        "sweeps",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("targets_sha256", sa.String(64), nullable=False),
        sa.Column("targets", sa.Integer, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sweeps"),
    )
    op.create_table(
        "sweep_results",
        sa.Column("sweep_id", sa.Integer, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("observation_id", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("sweep_id", "position", name="pk_sweep_results"),
        _reference("sweep_results", "sweep_id", "sweeps.id", ondelete="CASCADE"),
        _reference("sweep_results", "observation_id", "observations.id", ondelete="CASCADE"),
    )
    op.create_index("ix_sweep_results_observation_id", "sweep_results", ["observation_id"])
    op.create_table(
        "settings",
        sa.Column("name", sa.String(32), nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_settings"),
    )


def _reference(table: str, column: str, to: str, *, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [to], name=f"fk_{table}_{column}", ondelete=ondelete)


_FACTS = sa.table("observation_facts", sa.column("id"), sa.column("sha256"), sa.column("document"))
_CHAINS = sa.table("presented_chains", sa.column("id"), sa.column("sha256"))
_PLACES = sa.table("presented_certificates", *map(sa.column, ("chain_id", "position", "sha256")))
_OBSERVATIONS = sa.table(
    "observations",
    sa.column("id"),
    sa.column("endpoint_id"),
    sa.column("started_at"),
    sa.column("facts_id"),
    sa.column("chain_id"),
    sa.column("handshake_ms"),
    sa.column("first_byte_ms"),
    sa.column("changed", sa.Boolean),
)
_REPORTS = sa.table(
    "observation_reports",
    sa.column("observation_id"),
    sa.column("schema_number"),
    sa.column("document", sa.LargeBinary),
)
_CHANGES = sa.table(
    "changes", *map(sa.column, ("observation_id", "endpoint_id", "at", "kind", "before", "after"))
)


def _bring_over() -> None:
    """Bring over the observations, those of one endpoint after another, in the order of time."""
    connection = op.get_bind()
    facts: dict[str, int] = {}
    chains: dict[tuple[str, ...], int] = {}
    endpoint: object = None
    seen: list[Observation] = []
    for row in _old_rows(connection):
        document = document_of(row.document)
        text = facts_text(row.outcome, row.verdict, row.cause, document)
        chain = _chain(connection, row.id)
        phases = member(member(member(document, "report"), "record"), "phases")
        connection.execute(
            sa.insert(_OBSERVATIONS).values(
                id=row.id,
                endpoint_id=row.endpoint_id,
                started_at=row.started_at,
                facts_id=_facts_number(connection, facts, text),
                chain_id=_chain_number(connection, chains, chain),
                handshake_ms=milliseconds(phases.get("handshake_ms")),
                first_byte_ms=milliseconds(phases.get("first_byte_ms")),
                changed=False,
            )
        )
        connection.execute(
            sa.insert(_REPORTS).values(
                observation_id=row.id,
                schema_number=row.schema_number,
                document=zlib.compress(row.document.encode("utf-8", "surrogatepass")),
            )
        )
        if row.endpoint_id is None:
            continue
        if row.endpoint_id != endpoint:
            endpoint, seen = row.endpoint_id, []
        at = (
            row.started_at if isinstance(row.started_at, datetime) else datetime.fromisoformat(row.started_at)
        )
        one = Observation(
            id=row.id, endpoint_id=row.endpoint_id, started_at=at, facts=facts_from(text), chain=chain
        )
        _tell(connection, seen, one, row.started_at)
        seen.insert(0, one)
        del seen[_AT_ONCE:]


def _old_rows(connection: sa.Connection) -> Iterator[sa.Row[tuple[object, ...]]]:
    order = "SELECT id FROM observations_0004 ORDER BY endpoint_id, started_at, id"
    numbers = connection.execute(sa.text(order)).scalars().all()
    old = sa.table(
        "observations_0004",
        *map(
            sa.column,
            (
                "id",
                "endpoint_id",
                "started_at",
                "outcome",
                "verdict",
                "cause",
                "schema_number",
                "document",
            ),
        ),
    )
    for first in range(0, len(numbers), _AT_ONCE):
        part = numbers[first : first + _AT_ONCE]
        rows = {row.id: row for row in connection.execute(sa.select(old).where(old.c.id.in_(part)))}
        yield from (rows[number] for number in part)


def _chain(connection: sa.Connection, observation_id: int) -> tuple[str, ...]:
    question = "SELECT sha256 FROM presented_0004 WHERE observation_id = :id ORDER BY position"
    return tuple(connection.execute(sa.text(question), {"id": observation_id}).scalars())


def _facts_number(connection: sa.Connection, known: dict[str, int], text: str) -> int:
    if text not in known:
        known[text] = len(known) + 1
        digest = sha256(text.encode("ascii")).hexdigest()
        connection.execute(sa.insert(_FACTS).values(id=known[text], sha256=digest, document=text))
    return known[text]


def _chain_number(
    connection: sa.Connection, known: dict[tuple[str, ...], int], chain: tuple[str, ...]
) -> int | None:
    if not chain:
        return None
    if chain not in known:
        number = known[chain] = len(known) + 1
        digest = sha256(" ".join(chain).encode("ascii")).hexdigest()
        connection.execute(sa.insert(_CHAINS).values(id=number, sha256=digest))
        places = [{"chain_id": number, "position": at, "sha256": one} for at, one in enumerate(chain)]
        connection.execute(sa.insert(_PLACES), places)
    return known[chain]


def _tell(connection: sa.Connection, seen: list[Observation], one: Observation, at: object) -> None:
    """Note what changed; `at` is the instant as it stands in the database."""
    past = past_of(seen)
    chains = (past.chain[:1] if past is not None else ()) + one.chain[:1]
    told = changes_between(past, one, _certificates(connection, chains))
    for change in told:
        connection.execute(
            sa.insert(_CHANGES).values(
                observation_id=one.id,
                endpoint_id=one.endpoint_id,
                at=at,
                kind=change.kind.value,
                before=change.before,
                after=change.after,
            )
        )
    if told:
        connection.execute(sa.update(_OBSERVATIONS).where(_OBSERVATIONS.c.id == one.id).values(changed=True))


def _certificates(connection: sa.Connection, digests: tuple[str, ...]) -> dict[str, ServerCertificate]:
    if len(set(digests)) < 2:
        return {}
    seen = sa.table("certificates", *map(sa.column, ("sha256", "der", "issuer", "facts")))
    rows = connection.execute(sa.select(seen).where(seen.c.sha256.in_(digests)))
    return {
        row.sha256: ServerCertificate(
            sha256=row.sha256,
            spki_sha256=outline(bytes(row.der)).spki_sha256,
            issuer=row.issuer or "",
            names=texts(document_of(row.facts).get("subject_alt_names")),
        )
        for row in rows
    }
