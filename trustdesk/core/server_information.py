"""What a ONE Record server says of itself, and of an error, as far as rules look at it.

Source: ONE Record API 2.3.0, server information; ontology api 2.3.0.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerInformation:
    """One `api:ServerInformation`. Texts are the peer's, bounded; each is in the order of the document.

    Attributes:
        data_holders, server_endpoints: IRIs; the ontology asks for exactly one of each.
        api_versions, content_types, languages, ontologies, ontology_versions: at least one of each.
        encodings: optional.
        others: how many more nodes of this type the document holds.
    """

    data_holders: tuple[str, ...] = ()
    server_endpoints: tuple[str, ...] = ()
    api_versions: tuple[str, ...] = ()
    content_types: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    ontologies: tuple[str, ...] = ()
    ontology_versions: tuple[str, ...] = ()
    encodings: tuple[str, ...] = ()
    others: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorBody:
    """One `api:Error`. Texts are the peer's, bounded.

    Attributes:
        titles: hasTitle; the ontology asks for exactly one.
        codes: hasCode of its details, as they are written.
    """

    titles: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
