"""How far a path binds: the search puts in what does not, so that a broken link can be named."""

from __future__ import annotations

from trustdesk.core.verification import PathReport


def bound_certificates(path: PathReport) -> int:
    """Return how many certificates are bound by name and signature, from the end entity upwards."""
    broken = [check.index for check in path.failures if check.rule in {"chain.name", "chain.signature"}]
    # With a broken key above it, nobody knows who signed what stands below.
    broken += [check.index - 1 for check in path.failures if check.rule == "chain.issuer_key"]
    return min(broken) + 1 if broken else len(path.certificates)


def ends_at_anchor(path: PathReport) -> bool:
    """Whether every certificate is bound to the next, up to an anchor of a list."""
    return path.anchor_list is not None and bound_certificates(path) == len(path.certificates)
