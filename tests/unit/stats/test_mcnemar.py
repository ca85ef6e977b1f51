"""McNemar's exact test against published and independent numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.contingency_tables import mcnemar as reference

from towpath.stats.mcnemar import exact_mcnemar, smallest_p


@pytest.mark.parametrize(
    ("lost", "won", "p"),
    [
        (12, 2, 0.012939),  # StatsDirect help, McNemar example
        (1, 7, 0.070313),  # Fagerland et al. 2013, BMC Medical Research Methodology 13:91, airway data
        (16, 0, 3.0518e-05),
        (0, 0, 1.0),
    ],
)
def test_published(lost: int, won: int, p: float) -> None:
    assert exact_mcnemar(lost, won) == pytest.approx(p, rel=1e-3)


@given(lost=st.integers(0, 60), won=st.integers(0, 60))
def test_agrees_with_statsmodels_and_is_symmetric(lost: int, won: int) -> None:
    expected = float(reference([[5, lost], [won, 5]], exact=True).pvalue) if lost + won else 1.0
    assert exact_mcnemar(lost, won) == pytest.approx(expected)
    assert exact_mcnemar(lost, won) == exact_mcnemar(won, lost)
    assert exact_mcnemar(lost, won) >= smallest_p(lost, won) - 1e-12


def test_negative_counts() -> None:
    with pytest.raises(ValueError, match="negative"):
        exact_mcnemar(-1, 3)
