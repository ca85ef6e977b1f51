"""Which model a promptfoo row comes from: provider label and id, and the prompt where a provider has several."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from towpath.evidence.values import ValueProblem

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Models:
    """The models of one file.

    Attributes:
        with_prompt: labels of providers that were run with more than one prompt; their name carries the prompt, since
            otherwise one example would be there twice for one model.
    """

    with_prompt: frozenset[str]

    @classmethod
    def of(cls, rows: list[Row]) -> Models:
        """What the rows of a file say."""
        prompts: dict[str, set[str]] = {}
        for row in rows:
            label, _ = _provider(row)
            prompts.setdefault(label, set()).add(_prompt(row))
        return cls(frozenset(label for label, known in prompts.items() if len(known) > 1))

    def of_row(self, row: Row) -> tuple[str, frozenset[str]]:
        """The name to show, and all names a runbook may mean this model by.

        A provider id such as `openai:chat:gpt-x` is also known as `chat:gpt-x` and `gpt-x`. With several prompts the
        names end in ` | <prompt label>`.

        Raises:
            ValueProblem: the row names no provider.
        """
        label, provider_id = _provider(row)
        if not label:
            raise ValueProblem("names no provider")
        pieces = provider_id.split(":")
        names = {label, *(":".join(pieces[start:]) for start in range(len(pieces)))} - {""}
        if label not in self.with_prompt:
            return label, frozenset(names)
        return f"{label} | {_prompt(row)}", frozenset(f"{name} | {_prompt(row)}" for name in names)


def _provider(row: Row) -> tuple[str, str]:
    provider = row.get("provider")
    if isinstance(provider, str):  # written so by older versions
        return provider, provider
    if not isinstance(provider, dict):
        return "", ""
    provider_id, label = (value if isinstance(value := provider.get(key), str) else "" for key in ("id", "label"))
    return label or provider_id, provider_id


def _prompt(row: Row) -> str:
    prompt = row.get("prompt")
    label = prompt.get("label") if isinstance(prompt, dict) else None
    return label if isinstance(label, str) and label else str(row.get("promptId") or row.get("promptIdx"))
