"""Every stage bakes at least as long as the pack asks for.

A day has its quiet hours and a week its Monday: what goes wrong needs time to be seen.

Bad:

```yaml
stages:
  - {name: internal, segments: [employees], percent: 0, bake: 2h, eval: standard, cost: standard, rollback: standard}
  - {name: canary, percent: 5, eval: standard, cost: standard, rollback: standard}
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

from towpath.model.quantity import duration_text, parse_duration
from towpath.policy.rule import Problem, Rule, Subject

if TYPE_CHECKING:
    from collections.abc import Iterator


def check(subject: Subject) -> Iterator[Problem]:
    """Report stages without a bake time, and with one that is too short."""
    for stage in subject.runbook.stages:
        kind = "internal" if stage.percent == 0 else "full" if stage.percent == 100 else "public"
        least = parse_duration(subject.options[kind])
        if subject.refused((*stage.at, "bake")):
            continue
        if stage.bake is None:
            yield Problem(
                message=f"stage {stage.name} does not say how long to wait before the next",
                at=(*stage.at, "name"),
                help=f"add `bake: {duration_text(least)}` or longer",
            )
        elif stage.bake < least:
            yield Problem(
                message=f"stage {stage.name} bakes {duration_text(stage.bake)}, less than {duration_text(least)}",
                at=(*stage.at, "bake"),
                help=f"write `bake: {duration_text(least)}` or longer",
            )


RULE = Rule(
    id="bake-minimum",
    check=check,
    options={
        "internal": ("24h", "shortest bake of a stage without public traffic"),
        "public": ("48h", "shortest bake of a stage with public traffic"),
        "full": ("7d", "shortest bake of the stage at 100 %"),
    },
)
