"""Sample sizes."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from towpath.stats.estimate import Estimate
from towpath.stats.power import (
    calls_to_see,
    chance_to_pass,
    chance_to_pass_mean,
    clusters_to_decide,
    fewest_pairs,
    pairs_for_margin,
    pairs_to_decide,
    smallest_drop,
    watched_half_width,
)
from towpath.stats.tango import paired_shares


@pytest.mark.parametrize(
    ("psi", "margin", "n"),
    [(0.13, 0.05, 322), (0.10, 0.05, 248), (0.05, 0.05, 124), (0.13, 0.10, 81), (0.13, 0.02, 2010)],
)
def test_pairs_for_margin(psi: float, margin: float, n: int) -> None:
    """(1.645 + 0.842)^2 psi / m^2."""
    assert pairs_for_margin(psi, margin) == n


@pytest.mark.parametrize(("margin", "n"), [(0.05, 52), (0.10, 25), (0.02, 133)])
def test_fewest_pairs(margin: float, n: int) -> None:
    assert fewest_pairs(margin) == n
    before, at = (paired_shares(0, 0, size, margin=margin) for size in (n - 1, n))
    assert isinstance(before, Estimate)
    assert isinstance(at, Estimate)
    assert before.lower < -margin <= at.lower + 1e-12


@settings(max_examples=40)
@given(lost=st.integers(0, 20), won=st.integers(0, 20), equal=st.integers(10, 80), margin=st.sampled_from([0.03, 0.1]))
def test_pairs_to_decide_decides(lost: int, won: int, equal: int, margin: float) -> None:
    n = lost + won + equal
    size = pairs_to_decide(lost, won, n, margin)
    if size is None:
        assert abs((won - lost) / n + margin) < 0.02
        return
    found = paired_shares(round(lost * size / n), round(won * size / n), size)
    assert isinstance(found, Estimate)
    assert found.lower > -margin or found.high < -margin


def test_on_the_margin_nothing_decides() -> None:
    assert pairs_to_decide(10, 0, 100, 0.10) is None
    assert clusters_to_decide(-0.1, 0.02, 50, 0.1) is None


def test_clusters_to_decide() -> None:
    # standard error must shrink from 0.06 to 0.1 / 1.645: (1.645 * 0.06 / 0.1)^2 of 50 units, at least one more
    assert clusters_to_decide(0.0, 0.10, 50, 0.10) == 136


def test_five_tasks_together() -> None:
    """80 % over five tasks takes .8^(1/5) = .956 of each: 586 pairs at psi .13 and 5 points."""
    assert pairs_for_margin(0.13, 0.05, power=0.8 ** (1 / 5)) == 586


def test_smallest_drop_is_where_connors_formula_gives_n() -> None:
    drop = smallest_drop(0.13, 400)
    assert drop is not None
    # Connor 1987 with z .975 and z .8
    n = (1.959964 * 0.13**0.5 + 0.841621 * (0.13 - drop**2) ** 0.5) ** 2 / drop**2
    assert n == pytest.approx(400, rel=1e-5)


def test_smallest_drop_falls_with_n_and_may_be_none() -> None:
    drops = [smallest_drop(0.13, n) for n in (50, 200, 800, 3200)]
    assert all(drops)
    assert drops == sorted(drops, reverse=True)  # type: ignore[type-var]
    assert smallest_drop(0.13, 0) is None
    assert smallest_drop(0.13, 3) is None


@pytest.mark.parametrize(("n", "psi", "margin", "loss"), [(40, 0.2, 0.1, 0.0), (60, 0.15, 0.1, 0.1), (30, 0.3, 0.2, 0)])
def test_chance_to_pass_counts_every_outcome(n: int, psi: float, margin: float, loss: float) -> None:
    """Against all outcomes of the multinomial, each decided by the interval that the gate uses."""
    from math import comb

    lose, win = (psi + loss) / 2, (psi - loss) / 2
    total = 0.0
    for lost in range(n + 1):
        for won in range(n + 1 - lost):
            found = paired_shares(lost, won, n)
            assert isinstance(found, Estimate)
            if found.lower > -margin:
                ways = comb(n, lost) * comb(n - lost, won)
                total += ways * lose**lost * win**won * (1 - psi) ** (n - lost - won)
    assert chance_to_pass(psi, n, margin, loss=loss) == pytest.approx(total, abs=1e-9)


@pytest.mark.parametrize(("psi", "margin"), [(0.13, 0.05), (0.10, 0.05), (0.13, 0.10)])
def test_nams_sample_size_gives_about_its_power(psi: float, margin: float) -> None:
    assert chance_to_pass(psi, pairs_for_margin(psi, margin), margin) == pytest.approx(0.8, abs=0.06)


def test_51_equal_pairs_cannot_show_5_points() -> None:
    assert chance_to_pass(0.0, 51, 0.05) == 0.0
    assert chance_to_pass(0.0, 52, 0.05) == 1.0


def test_chance_to_pass_mean_is_near_the_normal_one() -> None:
    # z = 0.05 / 0.02 - 1.645 = 0.855 -> .804
    assert chance_to_pass_mean(0.02, 5000, 0.05) == pytest.approx(0.8037, abs=0.001)
    assert chance_to_pass_mean(0.02, 4, 0.05) < 0.7


@pytest.mark.parametrize(
    ("calls", "width"), [(50, 0.272594), (100, 0.168194), (500, 0.067869), (1000, 0.048406), (5000, 0.022922)]
)
def test_watched_half_width(calls: int, width: float) -> None:
    """arXiv 2103.06476 eq. 9 with standard deviation .5, alpha .05, tuned for 500 (r = .0158723)."""
    assert watched_half_width(calls, 0.5, 0.05) == pytest.approx(width, abs=5e-7)


def test_calls_to_see_is_the_first_number_that_suffices() -> None:
    calls = calls_to_see(0.05, 0.5, 0.05)
    assert calls is not None
    assert watched_half_width(calls, 0.5, 0.05) <= 0.05 < watched_half_width(calls - 1, 0.5, 0.05)
    assert calls_to_see(1e-6, 0.5, 0.05) is None
