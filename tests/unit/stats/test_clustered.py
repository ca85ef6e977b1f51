"""Cluster-robust differences."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.api import OLS

from towpath.stats.clustered import clustered_scores
from towpath.stats.estimate import Estimate, Undetermined

VALUES = [((index * 29) % 47 - 20) / 47 for index in range(60)]
CLUSTERS = [f"c{index % 11}" for index in range(60)]


def test_agrees_with_statsmodels() -> None:
    """Miller 2024, eq. 4, is the cluster-robust error of a regression on a constant, without its correction."""
    found = clustered_scores(VALUES, CLUSTERS)
    fitted = OLS(np.array(VALUES), np.ones(60)).fit(
        cov_type="cluster", cov_kwds={"groups": np.unique(CLUSTERS, return_inverse=True)[1], "use_correction": False}
    )
    from scipy.stats import t

    assert isinstance(found, Estimate)
    assert found.value == pytest.approx(float(fitted.params[0]))
    assert (found.high - found.value) / t.ppf(0.975, 10) == pytest.approx(float(fitted.bse[0]))
    assert found.n == 11


def test_clusters_of_one_are_nearly_plain_t() -> None:
    from towpath.stats.graded import paired_scores

    alone, plain = clustered_scores(VALUES, [str(index) for index in range(60)]), paired_scores(VALUES)
    assert isinstance(alone, Estimate)
    assert isinstance(plain, Estimate)
    assert (alone.low, alone.high) == pytest.approx((plain.low, plain.high), abs=0.005)


def test_copies_of_an_example_add_nothing() -> None:
    once = clustered_scores(VALUES, [str(index) for index in range(60)])
    thrice = clustered_scores(VALUES * 3, [str(index) for index in range(60)] * 3)
    assert isinstance(once, Estimate)
    assert isinstance(thrice, Estimate)
    assert (thrice.low, thrice.high) == pytest.approx((once.low, once.high))


@given(st.permutations(list(zip(VALUES, CLUSTERS, strict=True))))
def test_order_does_not_matter(pairs: list[tuple[float, str]]) -> None:
    assert clustered_scores([value for value, _ in pairs], [cluster for _, cluster in pairs]) == clustered_scores(
        VALUES, CLUSTERS
    )


@pytest.mark.parametrize(("values", "clusters"), [([], []), ([0.1, 0.2], ["a", "a"]), ([0.1, 0.1], ["a", "b"])])
def test_undetermined_says_why(values: list[float], clusters: list[str]) -> None:
    found = clustered_scores(values, clusters)
    assert isinstance(found, Undetermined)
    assert found.reason
