"""An organisation's own policy: what it asks for beyond every standard."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from types import MappingProxyType

from trustdesk.core.finding import Severity

_NO_SEVERITIES: Mapping[str, Severity] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationPolicy:
    """What the file of an organisation says; what it leaves out has the defaults of the check catalogue.

    Attributes:
        name: what the organisation calls it; "" for the defaults.
        rsa_min_bits: None where the organisation asks for nothing of its own.
        curves: names of the curves that are allowed ("P-256"); empty for any.
        warn_days: expiry is a warning when fewer days are left.
        error_days: expiry is an error when fewer days are left.
        warn_percent: of the lifetime, for certificates so short-lived that `warn_days` would always warn.
        max_validity_days: of client and server certificates; None for no limit of its own.
        allowed_cas: SHA-256 of CA certificates, lower-case hex, one of which must be in the path; empty for
            any.
        enforce_1r_2020: whether the partners enforce the profile of 2020, so that its errors are errors.
        severities: the weight of single rules, by their ids.
    """

    name: str = ""
    rsa_min_bits: int | None = None
    curves: tuple[str, ...] = ()
    warn_days: int = 30
    error_days: int = 7
    warn_percent: int = 33
    max_validity_days: int | None = None
    allowed_cas: tuple[str, ...] = ()
    enforce_1r_2020: bool = False
    severities: Mapping[str, Severity] = field(default_factory=lambda: _NO_SEVERITIES, hash=False)

    def warn_within(self, lifetime: timedelta) -> timedelta:
        """Return how long before its end a certificate of this lifetime is worth a warning."""
        return min(timedelta(days=self.warn_days), lifetime * self.warn_percent / 100)

    def error_within(self, lifetime: timedelta) -> timedelta:
        """Return how long before its end it is an error: as much nearer as `error_days` to `warn_days`."""
        if not self.warn_days:
            return timedelta(0)
        return self.warn_within(lifetime) * self.error_days / self.warn_days


DEFAULT_POLICY = OrganisationPolicy()
