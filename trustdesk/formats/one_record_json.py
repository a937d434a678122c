"""JSON-LD of ONE Record servers, read leniently: which node is meant, and what stands in it.

No context is fetched and none is trusted: a name counts by its last part, so that `api:hasTitle`, its whole
IRI and the bare word are one. Compact, expanded and flattened documents (`@graph`) are read alike. That is
more than a strict processor would take, and less than one does; it is enough to see what a server says.

Source: ONE Record API 2.3.0, server information and error handling; JSON-LD 1.1.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence

from trustdesk.core.message import msg
from trustdesk.core.server_information import ErrorBody, ServerInformation
from trustdesk.core.untrusted import bounded
from trustdesk.formats.strict_json import JsonFault, JsonValue, read_jose_json

MAX_BYTES = 256 * 1024
"""Of a document that is read."""

_MAX_NODES = 2000
_MAX_VALUES = 50
_MAX_VALUE = 500

Node = Mapping[str, JsonValue]


def read_server_information(data: bytes) -> ServerInformation:
    """Read an answer to GET /.

    Raises:
        JsonFault: it is no JSON, or holds no ServerInformation.
    """
    nodes = _nodes(data)
    found = [node for node in nodes if "ServerInformation" in _types(node)]
    if not found:
        # Without a type, the one that says where the server is.
        found = [node for node in nodes if any(_local(name) == "hasServerEndpoint" for name in node)]
    if not found:
        raise JsonFault(msg("it holds no ServerInformation"))
    values = _values(found[0])
    return ServerInformation(
        data_holders=values.get("hasDataHolder", ()),
        server_endpoints=values.get("hasServerEndpoint", ()),
        api_versions=values.get("hasSupportedApiVersion", ()),
        content_types=values.get("hasSupportedContentType", ()),
        languages=values.get("hasSupportedLanguage", ()),
        ontologies=values.get("hasSupportedOntology", ()),
        ontology_versions=values.get("hasSupportedOntologyVersion", ()),
        encodings=values.get("hasSupportedEncoding", ()),
        others=len(found) - 1,
    )


def read_error(data: bytes) -> ErrorBody:
    """Read the body of an error.

    Raises:
        JsonFault: it is no JSON, or holds no Error.
    """
    nodes = _nodes(data)
    found = [node for node in nodes if "Error" in _types(node)]
    if not found:
        raise JsonFault(msg("it holds no api:Error"))
    details = [node for node in nodes if any(_local(name) == "hasCode" for name in node)]
    codes = [code for node in details for code in _values(node).get("hasCode", ())]
    return ErrorBody(titles=_values(found[0]).get("hasTitle", ()), codes=tuple(codes[:_MAX_VALUES]))


def _nodes(data: bytes) -> list[Node]:
    if len(data) > MAX_BYTES:
        raise JsonFault(msg("it is longer than {limit} bytes", limit=MAX_BYTES))
    found: list[Node] = []
    for node in _objects(read_jose_json(data)):
        found.append(node)
        if len(found) > _MAX_NODES:
            raise JsonFault(msg("it holds more than {count} objects", count=_MAX_NODES))
    return found


def _objects(document: JsonValue) -> Iterator[Node]:
    """Return all objects, outer ones first, but for contexts, which describe names and no things."""
    waiting = deque([document])
    while waiting:
        value = waiting.popleft()
        if isinstance(value, Mapping):
            yield value
            waiting += [inner for name, inner in value.items() if name != "@context"]
        elif isinstance(value, Sequence) and not isinstance(value, str):
            waiting += value


def _types(node: Node) -> frozenset[str]:
    kinds = node.get("@type", node.get("type"))
    every = kinds if isinstance(kinds, Sequence) and not isinstance(kinds, str) else (kinds,)
    return frozenset(_local(kind) for kind in every if isinstance(kind, str))


def _local(name: str) -> str:
    """Return the last part of an IRI or of a compact one."""
    return name.rpartition("#")[2].rpartition("/")[2].rpartition(":")[2]


def _values(node: Node) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name, value in node.items():
        texts = tuple(bounded(text, _MAX_VALUE) for text in _texts(value))
        found[_local(name)] = (*found.get(_local(name), ()), *texts)[:_MAX_VALUES]
    return found


def _texts(value: JsonValue) -> Iterator[str]:
    """Return what a property says: texts, numbers as text, `@id` and `@value` of objects, lists in order."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, bool) or value is None:
        return
    elif isinstance(value, int | float):
        yield str(value)
    elif isinstance(value, Mapping):
        for key in ("@id", "id", "@value", "@list", "@set"):
            if key in value:
                yield from _texts(value[key])
                return
    else:
        for inner in value:
            yield from _texts(inner)
