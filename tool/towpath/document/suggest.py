"""Did you mean: the closest of the words that would have been right."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_LONGEST = 80


def closest(word: str, known: Iterable[str]) -> str | None:
    """The known word nearest to a misspelt one, or None when none is near enough to be meant.

    Case and the choice between dash, underscore and dot do not count: `maxEvidenceAge` is near `max_evidence_age`.
    """
    from difflib import get_close_matches

    if not word or len(word) > _LONGEST:
        return None
    plain = {_plain(candidate): candidate for candidate in sorted(known, reverse=True)}
    near = get_close_matches(_plain(word), plain, n=1, cutoff=0.7)
    return plain[near[0]] if near else None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The hint for a misspelt word; empty when nothing is near."""
    near = closest(word, known)
    return f"did you mean {near}?" if near else ""


def _plain(word: str) -> str:
    return "".join(letter for letter in word.casefold() if letter.isalnum())
