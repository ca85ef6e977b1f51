"""Percentages rise from stage to stage and end at 100.

`percent` is the share of everybody outside the segments. It does not fall before the first stage, rises strictly
after it, has at most two decimals, and the last stage is 100: otherwise the migration never ends, or a "promotion"
lowers it.

Bad:

```yaml
stages:
  - {name: internal, segments: [employees], percent: 0, bake: 48h, eval: standard, cost: standard, rollback: standard}
  - {name: canary, percent: 50, bake: 72h, eval: standard, cost: standard, rollback: standard}
  - {name: half, percent: 25, bake: 7d, eval: standard, cost: standard, rollback: standard}
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

from towpath.policy.rule import Problem, Rule, Subject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from towpath.model.runbook import Stage


def check(subject: Subject) -> Iterator[Problem]:
    """Report each percentage that does not fit the one before it, and a last one that is not 100."""
    before: Stage | None = None
    for stage in subject.runbook.stages:
        if stage.percent is None:
            continue
        at = (*stage.at, "percent")
        if not 0 <= stage.percent <= 100 or stage.percent != round(stage.percent, 2):
            yield Problem(
                message=f"{stage.percent} is no percentage with at most two decimals",
                at=at,
                help="write a number from 0 to 100 such as 12.5",
            )
        elif before is not None and before.percent is not None and stage.percent <= before.percent:
            yield Problem(
                message=f"stage {stage.name} has {stage.percent} %, not more than {before.name} ({before.percent} %)",
                at=at,
                help="each stage has more than the one before it",
                related=(((*before.at, "percent"), f"{before.name} has {before.percent} %"),),
            )
        before = stage
    if before is not None and before.percent is not None and before.percent != 100:
        yield Problem(
            message=f"the last stage, {before.name}, stops at {before.percent} %",
            at=(*before.at, "percent"),
            help="add a stage with `percent: 100`, or the baseline can never be switched off",
        )


RULE = Rule(id="percentages", check=check)
