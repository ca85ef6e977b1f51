"""Models are pinned snapshots, not names that move.

`gpt-4o` or `-latest` mean another model tomorrow: the evidence would be of something else, and a rollback would lead
nowhere. Name the dated snapshot, or for open weights the exact build.

Bad:

```yaml
arms:
  baseline: {model: {provider: openai, id: gpt-4o}}
  candidate: {model: {provider: anthropic, id: claude-sonnet-latest}}
```

Good:

```yaml
arms:
  baseline: {model: {provider: openai, id: gpt-4o-2024-08-06}}
  candidate: {model: {provider: local, id: qwen2.5-coder-0.5b-q4_k_m}}
```
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from towpath.policy.rule import Problem, Rule, Subject

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOVING = re.compile(r"(^|[-_.:/@])(latest|preview|stable|default|beta|nightly|current|auto|exp|experimental)$", re.I)
_DATED = re.compile(r"20\d\d-?\d\d(-?\d\d)?|[-_@]\d{4}$|[-_@.]\d{3}$")
_HOSTED = ("openai", "azure", "anthropic", "google", "gemini", "vertex", "mistral", "cohere", "xai", "deepseek")


def check(subject: Subject) -> Iterator[Problem]:
    """Report names that end in a moving word, undated names of providers that move theirs, and the pack's patterns."""
    runbook = subject.runbook
    for name, arm in (
        ("baseline", runbook.baseline),
        ("candidate", runbook.candidate),
        ("fallback", runbook.fallback),
    ):
        if arm is None or arm.model in subject.options["pinned"]:
            continue
        moving = _MOVING.search(arm.model) is not None or arm.model in subject.options["aliases"]
        undated = arm.provider.lower() in _HOSTED and not _DATED.search(arm.model) and not arm.revision
        if moving or undated:
            why = "is a name that moves" if moving else "is no dated snapshot"
            yield Problem(
                message=f"the {name} {arm.model} {why}: it may be another model tomorrow",
                at=("arms", name, "model", "id"),
                help="name the dated snapshot, such as gpt-4o-2024-08-06, or add a `revision`",
            )


RULE = Rule(
    id="pinned-models",
    check=check,
    options={
        "aliases": ((), "more names that move"),
        "pinned": ((), "names that are pinned although they do not look like it"),
    },
)
