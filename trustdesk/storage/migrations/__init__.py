"""Forward-only migrations of the workspace, run by Alembic from `storage.workspace`.

Alembic reads these files from the folder that they lie in, so a frozen program carries them as files.
A migration is never changed once a release has it, and names its columns itself: `storage.schema` moves on.
"""
