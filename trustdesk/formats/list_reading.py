"""A trust list in whatever form it came, into a ListContent: the form is told by the bytes alone.

Nothing partial comes out: the first bad block, row, element or byte is named, and nothing is read then.
"""

from __future__ import annotations

from collections.abc import Sequence

from trustdesk.core.trust_version import ListContent, SourceKind
from trustdesk.formats.list_source import ListBytes, NamedSigner, Progress


def detect(data: bytes) -> SourceKind | None:
    """Return the form of a file by its first bytes and structure; None for what is no list of ours.

    A single DER certificate counts as PEM, which it would be in another wrapping.
    """
    raise NotImplementedError(len(data))


def kind_of_source(source: ListBytes) -> SourceKind | None:
    """Return the form of a source: FOLDER for a folder, else as `detect`."""
    return SourceKind.FOLDER if source.files is not None else detect(source.data)


def read_list(
    source: ListBytes,
    *,
    schema: str,
    title: str = "",
    signers: Sequence[NamedSigner] = (),
    passwords: Sequence[str] = (),
    on_progress: Progress | None = None,
) -> ListContent:
    """Read a list of any form.

    Args:
        schema: text of the JSON Schema of our open form (`storage.list_schema.trust_list_schema`).
        title: for forms that have none; "" for the name of the place.
        signers: whose signature counts; with none, a signature that holds is an unknown signer's.
        passwords: tried on key stores, beside none and Java's usual one.

    Raises:
        UnusableInputError: it is none of these forms, or damaged; names the place and what is wrong first.
        WrongPasswordError: a key store does not open.
        CancelledByPersonError: `on_progress` raised it.
    """
    raise NotImplementedError(source, schema, title, signers, passwords, on_progress)
