"""What some lists hold, by certificate: made once for thousands of paths."""

from __future__ import annotations

from collections import defaultdict

from trustdesk.core.certificate import CertificateFacts
from trustdesk.core.trust import TrustAnchor, TrustList
from trustdesk.services.trust_side import Lists
from trustdesk.verify.path_policy import policy_of


class SideIndex:
    """The lists of one side that judge together.

    Attributes:
        lists: in their order.
        names: of the lists.
        facts: everything that can stand in a path, by its SHA-256.
        entries: anchors with what each list says of them, by SHA-256.
        policy: what they say of every path.
    """

    def __init__(self, lists: Lists) -> None:
        self.lists = lists
        self.names = frozenset(one.name for one in lists)
        self.facts: dict[str, CertificateFacts] = {}
        self.entries: dict[str, list[tuple[TrustList, TrustAnchor]]] = defaultdict(list)
        self.policy = policy_of(lists)
        for one in lists:
            for anchor in one.trust_anchors:
                self.facts[anchor.certificate.sha256] = anchor.certificate
                self.entries[anchor.certificate.sha256].append((one, anchor))
            self.facts.update((facts.sha256, facts) for facts in one.intermediates)
