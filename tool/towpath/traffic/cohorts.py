"""Who gets the candidate: one rule, sticky per unit, the same in every language.

A unit's bucket is the first 8 bytes of sha256(salt NUL unit id), read as a big-endian number, modulo 10,000. It gets
the candidate when its bucket is below the percentage in basis points (5 % = 500), or when it belongs to a segment that
is switched on. Because the bucket never changes while the salt stays, raising the percentage never takes the candidate
from anybody. `docs/cohorts.md` has test vectors for other languages.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from towpath.model.evidence import ArmName

BUCKETS = 10_000
"""One bucket is one basis point, a hundredth of a percent."""


def bucket(salt: str, unit_id: str) -> int:
    """The unit's bucket, 0 to 9,999."""
    digest = hashlib.sha256(f"{salt}\0{unit_id}".encode()).digest()
    return int.from_bytes(digest[:8], "big") % BUCKETS


def basis_points(percent: Decimal) -> int:
    """A share in percent as a number of buckets.

    Raises:
        ValueError: below 0, above 100, or finer than a hundredth of a percent.
    """
    points = percent * 100
    if not 0 <= points <= BUCKETS or points != points.to_integral_value():
        raise ValueError(f"{percent} % is no share between 0 and 100 with at most two decimals")
    return int(points)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cohort:
    """The rule at one moment: salt, share in basis points, segments switched on."""

    salt: str
    basis_points: int
    segments: frozenset[str] = frozenset()

    def arm(self, unit_id: str | None, segments: Iterable[str] = ()) -> ArmName:
        """The arm of one unit. A unit without an id gets the baseline unless a segment of its is switched on."""
        if not self.segments.isdisjoint(segments):
            return "candidate"
        if not unit_id:
            return "baseline"
        return "candidate" if bucket(self.salt, unit_id) < self.basis_points else "baseline"
