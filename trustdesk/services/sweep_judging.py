"""The servers of a sweep judged again with what the CAs answer, each by the lists that judge its partner."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from trustdesk.core.probe import ProbeRecord
from trustdesk.core.trust import TrustList
from trustdesk.services.published_keys import published_keys
from trustdesk.services.revocation import RevocationPolicy, SecondJudgement


@dataclass(frozen=True, slots=True)
class SweptJudgements:
    """A judgement for each request of a sweep; many share one.

    Attributes:
        of_requests: in their order.
    """

    of_requests: Sequence[SecondJudgement]

    def judged(self, index: int, record: ProbeRecord) -> ProbeRecord:
        """Return the record of a request with what the judge says now; from any thread."""
        return self.of_requests[index].judged(record)

    def cancel(self) -> None:
        """Ask no more addresses."""
        for one in dict.fromkeys(self.of_requests):
            one.cancel()


def second_by_partner(
    policy: RevocationPolicy,
    partners: Sequence[tuple[str, ...]],
    lists: Callable[[tuple[str, ...]], Sequence[TrustList]],
) -> SweptJudgements | None:
    """Return what judges again; None while nobody is asked.

    Args:
        partners: of each request, whose policies hold for it.
        lists: finds the lists that judge for some partners.
    """
    if policy.web is None:
        return None
    made: dict[tuple[str, ...], SecondJudgement] = {}
    for partner in partners:
        if partner not in made:
            made[partner] = SecondJudgement(
                lists(partner), policy, published_keys=published_keys(), single=False
            )
    return SweptJudgements([made[partner] for partner in partners])
