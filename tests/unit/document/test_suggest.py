"""Misspelt words find the word that was meant; strange words find nothing."""

from __future__ import annotations

import pytest

from towpath.document.suggest import closest, did_you_mean

KNOWN = ["margin", "metric", "load_bearing", "max_evidence_age", "better"]


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("margn", "margin"),
        ("Margin", "margin"),
        ("load-bearing", "load_bearing"),
        ("loadBearing", "load_bearing"),
        ("maxEvidenceAge", "max_evidence_age"),
        ("metrics", "metric"),
        ("zebra", None),
        ("", None),
        ("m" * 100_000, None),
        ("---", None),
    ],
)
def test_the_word_that_was_meant(word: str, meant: str | None) -> None:
    assert closest(word, KNOWN) == meant


def test_the_hint_is_empty_when_nothing_is_near() -> None:
    assert did_you_mean("margn", KNOWN) == "did you mean margin?"
    assert did_you_mean("zebra", KNOWN) == ""


def test_the_order_of_the_known_words_does_not_matter() -> None:
    assert closest("ab", ["abc", "abd"]) == closest("ab", ["abd", "abc"])
