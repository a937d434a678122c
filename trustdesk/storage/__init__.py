"""Files: the workspace database, atomic files, places, packaged resources.

May import verify, formats and core. One thread of its own owns the workspace database.

Decisions:
- 2026-11: a transaction begins IMMEDIATE, so that a second process waits its turn and never fails half way;
  what is SQLite's own stands in `sqlite`, everything else is portable SQLAlchemy Core.
- 2026-11: read-outs of a certificate are kept beside its DER as a document. Reading 1,000 last reports with
  2,000 certificates takes 0.3 s that way, without parsing X.509; the next sight of a certificate
  replaces them, so that a better reader is not held back by what an older one wrote.
- 2026-11: Alembic is imported only when there is something to migrate: opening a workspace takes 2 ms,
  making a new one 400 ms.
- 2026-11: long revocation lists lie in a cache folder of the person's own with their indexes, outside of the
  workspace: they can be made again, and an index is worth nothing where somebody else may write it.
"""
