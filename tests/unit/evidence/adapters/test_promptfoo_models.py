"""By which names a promptfoo provider may be meant."""

from __future__ import annotations

from typing import Any

import pytest

from towpath.evidence.adapters.promptfoo_models import Models
from towpath.evidence.values import ValueProblem


def row(provider: object, prompt: str = "p1") -> dict[str, Any]:
    return {"provider": provider, "prompt": {"label": prompt}}


@pytest.mark.parametrize(
    ("provider", "shown", "names"),
    [
        ({"id": "openai:chat:gpt-x", "label": "cheap"}, "cheap", {"cheap", "openai:chat:gpt-x", "chat:gpt-x", "gpt-x"}),
        ({"id": "openai:chat:gpt-x"}, "openai:chat:gpt-x", {"openai:chat:gpt-x", "chat:gpt-x", "gpt-x"}),
        ("openai:gpt-x", "openai:gpt-x", {"openai:gpt-x", "gpt-x"}),
        ({"id": "file://provider.py", "label": ""}, "file://provider.py", {"file://provider.py", "//provider.py"}),
    ],
)
def test_names(provider: object, shown: str, names: set[str]) -> None:
    assert Models.of([row(provider)]).of_row(row(provider)) == (shown, frozenset(names))


def test_several_prompts_make_several_models() -> None:
    rows = [row({"id": "a", "label": "a"}, "p1"), row({"id": "a", "label": "a"}, "p2"), row({"id": "b"}, "p2")]
    models = Models.of(rows)
    assert [models.of_row(one) for one in rows] == [
        ("a | p1", frozenset({"a | p1"})),
        ("a | p2", frozenset({"a | p2"})),
        ("b", frozenset({"b"})),
    ]


def test_no_provider_is_refused() -> None:
    with pytest.raises(ValueProblem, match="names no provider"):
        Models.of([{}]).of_row({})
