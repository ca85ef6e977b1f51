"""Paired differences of examples that come in clusters: turns of one conversation, questions on one document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from towpath.stats.estimate import Estimate, Undetermined

if TYPE_CHECKING:
    from collections.abc import Sequence


def clustered_scores(
    differences: Sequence[float], clusters: Sequence[str], *, confidence: float = 0.95, margin: float | None = None
) -> Estimate | Undetermined:
    """The mean difference with a cluster-robust standard error and t limits on clusters - 1 degrees of freedom.

    Miller 2024, "Adding Error Bars to Evals" (arXiv 2411.00640), eq. 4: the error is the root of the sum over clusters
    of the squared sum of deviations, divided by the number of examples.

    Args:
        differences: candidate - baseline of each example.
        clusters: the cluster of each example.
    """
    sums: dict[str, list[float]] = {}
    for difference, cluster in sorted(zip(differences, clusters, strict=True)):
        sums.setdefault(cluster, []).append(difference)
    n, groups = len(differences), len(sums)
    if groups < 2:
        return Undetermined(reason="fewer than two clusters say nothing about the spread", n=groups, needed=2)
    from math import fsum, sqrt

    from scipy import stats

    mean = fsum(differences) / n
    error = sqrt(fsum(fsum(value - mean for value in values) ** 2 for _, values in sorted(sums.items()))) / n
    if error == 0:
        return Undetermined(reason="all clusters differ equally: their spread cannot be told from the data", n=groups)
    two_sided, one_sided = (
        float(stats.t.ppf(level, groups - 1)) * error for level in (0.5 + confidence / 2, confidence)
    )
    at_margin = None if margin is None else float(stats.t.sf((mean + margin) / error, groups - 1))
    return Estimate(
        method="paired, cluster-robust",
        n=groups,
        value=mean,
        low=mean - two_sided,
        high=mean + two_sided,
        lower=mean - one_sided,
        upper=mean + one_sided,
        p_differs=float(2 * stats.t.sf(abs(mean) / error, groups - 1)),
        p_margin=at_margin,
    )
