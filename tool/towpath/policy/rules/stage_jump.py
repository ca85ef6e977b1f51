"""No stage multiplies the traffic by more than the pack allows.

From 5 % to 100 % in one step, whatever goes wrong hits everybody at once. A runbook that really must is named in the
pack's `waived`.

Bad:

```yaml
stages:
  - {name: internal, segments: [employees], percent: 0, bake: 48h, eval: standard, cost: standard, rollback: standard}
  - {name: canary, percent: 5, bake: 72h, eval: standard, cost: standard, rollback: standard}
  - {name: full, percent: 100, bake: 14d, control: frozen, eval: standard, cost: standard, rollback: standard}
```

Good:

```yaml
stages:
  - {name: internal, segments: [employees], percent: 0, bake: 48h, eval: standard, cost: standard, rollback: standard}
  - {name: canary, percent: 5, bake: 72h, eval: standard, cost: standard, rollback: standard}
  - {name: half, percent: 50, bake: 7d, eval: standard, cost: standard, rollback: standard}
  - {name: full, percent: 100, bake: 14d, control: frozen, eval: standard, cost: standard, rollback: standard}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from towpath.model.quantity import parse_percent, parse_ratio
from towpath.policy.rule import Problem, Rule, Subject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from towpath.model.runbook import Stage


def check(subject: Subject) -> Iterator[Problem]:
    """Report each stage that is too far above the one before it, and a first public stage that is too large."""
    factor = parse_ratio(subject.options["factor"]).value
    first = parse_percent(subject.options["first"]).value * 100
    if subject.runbook.id in subject.options["waived"]:
        return
    below: Stage | None = None
    for stage in subject.runbook.stages:
        if stage.percent is None or stage.percent <= 0:
            continue
        at = (*stage.at, "percent")
        if below is None and stage.percent > first:
            yield Problem(
                message=f"the first public stage, {stage.name}, begins with {stage.percent} %, more than {first:g} %",
                at=at,
                help="put a smaller stage before it",
            )
        elif below is not None and below.percent and stage.percent > below.percent * factor:
            yield Problem(
                message=f"stage {stage.name} jumps from {below.percent} % to {stage.percent} %, over {factor:g} times",
                at=at,
                help=f"put a stage of at most {below.percent * factor:g} % between them",
                related=(((*below.at, "percent"), f"{below.name} has {below.percent} %"),),
            )
        below = stage


RULE = Rule(
    id="stage-jump",
    check=check,
    options={
        "factor": ("10x", "how much larger than the stage before it a stage may be"),
        "first": ("10%", "how large the first public stage may be"),
        "waived": ((), "ids of runbooks that may jump"),
    },
)
