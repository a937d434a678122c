"""The XML of an ETSI trusted list, without entities, DTD and network, and no larger than it may be.

Source: ETSI TS 119 612 annex B and C
"""

from __future__ import annotations

from datetime import UTC, datetime

from lxml import etree

from trustdesk.core.errors import UnusableInputError
from trustdesk.core.message import Message, msg

MAX_BYTES = 64 * 1024 * 1024
"""Of one list: the largest of the member states' have some 10 MB."""

NAMESPACES = ("http://uri.etsi.org/02231/v2#", "http://uri.etsi.org/19612/v2.4.1#")
"""Of versions 5 and 6, and the one that TS 119 612 V2.4.1 names beside it."""

DSIG = "http://www.w3.org/2000/09/xmldsig#"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_MAX_TEXT = 100_000


def signing_parser() -> etree.XMLParser:
    """Return a parser that keeps every node, for what is signed."""
    return _parser(keep=True)


def parsed(data: bytes, place: str) -> etree._Element:
    """Return the root of a document; comments and processing instructions are left out.

    Raises:
        UnusableInputError: it is no well-formed XML, has a DTD or entities, or is no trusted list; names
            line and column where the damage is.
    """
    if len(data) > MAX_BYTES:
        raise _refused(
            msg("The list holds more than {megabytes} MB.", megabytes=MAX_BYTES // (1024 * 1024)), place
        )
    try:
        root = etree.fromstring(data, _parser(keep=False))
    except etree.XMLSyntaxError as error:
        line, column = error.position
        raise _refused(
            msg("It is no well-formed XML: line {line}, column {column}.", line=line, column=column), place
        ) from None
    except ValueError:
        raise _refused(msg("It is no well-formed XML."), place) from None
    document = root.getroottree().docinfo
    if document.internalDTD is not None or document.doctype:
        raise _refused(msg("It has a document type declaration, which a trusted list may not have."), place)
    if next(root.iter(etree.Entity), None) is not None:
        raise _refused(msg("It has entities, which a trusted list may not have."), place)
    if not is_list(root):
        raise _refused(
            msg(
                "Its root is {name}, where a trusted list has TrustServiceStatusList.",
                name=str(root.tag)[:200],
            ),
            place,
        )
    return root


def is_list(root: etree._Element) -> bool:
    """Whether an element is the root of a trusted list."""
    return any(root.tag == f"{{{namespace}}}TrustServiceStatusList" for namespace in NAMESPACES)


class Node:
    """An element of a list, by its children's names in the list's own namespace."""

    def __init__(self, element: etree._Element) -> None:
        self.element = element
        namespace, _, self.name = str(element.tag).rpartition("}")
        self.namespace = namespace.removeprefix("{")

    @property
    def line(self) -> int:
        """Where it begins in what was parsed; 0 where that is not known."""
        line: object = self.element.sourceline
        return line if isinstance(line, int) else 0

    def child(self, *path: str) -> Node | None:
        """Return what lies under some names, one below the other; None without it."""
        found: Node | None = self
        for name in path:
            found = next(iter(found.named(name)), None) if found is not None else None
        return found

    def every(self, *path: str) -> list[Node]:
        """Return all elements of the last name under the first ones of the names before."""
        parent = self.child(*path[:-1])
        return [] if parent is None else parent.named(path[-1])

    def below(self, name: str) -> list[Node]:
        """Return all elements of a name at any depth, whatever namespace of ETSI's they are in."""
        found = [Node(one) for one in self.element.iter(f"{{*}}{name}")]
        return [node for node in found if node.namespace.startswith("http://uri.etsi.org/")]

    def text(self, *path: str) -> str:
        """Return the text under some names, bounded, without the space around it; "" without it."""
        found = self.child(*path)
        return (
            ""
            if found is None
            else "".join(map(str, found.element.itertext(with_tail=False)))[:_MAX_TEXT].strip()
        )

    def in_english(self, *path: str) -> str:
        """Return the English one of some texts of a name, else the first."""
        texts = self.every(*path)
        chosen = [one for one in texts if (one.element.get(_LANGUAGE) or "").lower().startswith("en")]
        return (chosen or texts)[0].text() if texts else ""

    def named(self, name: str) -> list[Node]:
        """Return the children of a name."""
        return [Node(one) for one in self.element.iterchildren(f"{{{self.namespace}}}{name}")]


def instant(text: str) -> datetime | None:
    """Return an xsd:dateTime as an instant; one without a zone counts as UTC. None where it is none."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    if found.tzinfo is None:
        return found.replace(tzinfo=UTC)
    try:
        return found.astimezone(UTC)
    except OverflowError:
        return None


def _parser(*, keep: bool) -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        huge_tree=False,
        recover=False,
        remove_comments=not keep,
        remove_pis=not keep,
        strip_cdata=True,
    )


def _refused(problem: Message, place: str) -> UnusableInputError:
    return UnusableInputError(
        problem, remedy=msg("Download the list again, and name the XML file as it came."), place=place
    )
