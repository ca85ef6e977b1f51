"""The shape every comparison has: an estimate, its limits, and the p-values of two questions."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A difference (candidate - baseline, as a share) or a ratio (candidate / baseline).

    Attributes:
        method: name of the test, as reports show it.
        n: independent units it stands on (pairs, clusters).
        low, high: two-sided interval at the asked confidence.
        lower, upper: one-sided limits at the same confidence.
        p_differs: two-sided p that there is no difference; None where the method has none.
        p_margin: one-sided p that the loss is at least the margin; None without a margin.
    """

    method: str
    n: int
    value: float
    low: float
    high: float
    lower: float
    upper: float
    p_differs: float | None = None
    p_margin: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Undetermined:
    """Why there is no number, and how many units there would have to be, where that is known."""

    reason: str
    n: int = 0
    needed: int | None = None
