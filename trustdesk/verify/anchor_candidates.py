"""What of a trust list can stand at the end of a path.

Decision 2026-11: a root of version 1 is a legal anchor (RFC 5280 6.1.1 (d): a name and a key are one),
although it has no basicConstraints to call itself a CA with. It is kept, paths are built to it, and the
setting of anchor semantics says whether they hold: TLS stacks ask for basicConstraints and refuse it
(`ENFORCED`), RFC 5280 alone does not (`PLAIN_ANCHOR`). Whatever else is no CA vouches for nobody.
"""

from __future__ import annotations

from trustdesk.core.certificate import CertificateFacts
from trustdesk.verify.decoded import decode


def may_be_anchor(facts: CertificateFacts) -> bool:
    """Whether paths may end at a certificate of a list."""
    return facts.is_ca or is_version_1_root(facts)


def is_version_1_root(facts: CertificateFacts) -> bool:
    """Whether it is self-issued and of version 1, which cannot say that it is a CA's."""
    if not facts.is_self_issued:
        return False
    fields = decode(facts).fields
    return fields is not None and fields.version == 1
