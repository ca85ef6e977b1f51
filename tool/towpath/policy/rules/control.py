"""A stage compares with a control group that it has.

Employees are no fair control for customers, so an internal stage has limits only; and at 100 % nobody is left on the
baseline, so a `concurrent` control would compare with nothing: use `frozen`, or a `holdback`.

Bad:

```yaml
stages:
  - {name: internal, segments: [employees], percent: 0, bake: 48h, control: concurrent, eval: standard, cost: standard,
     rollback: standard}
  - {name: canary, percent: 5, bake: 72h, eval: standard, cost: standard, rollback: standard}
  - {name: half, percent: 50, bake: 7d, eval: standard, cost: standard, rollback: standard}
  - {name: full, percent: 100, bake: 14d, control: concurrent, eval: standard, cost: standard, rollback: standard}
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


def check(subject: Subject) -> Iterator[Problem]:
    """Report concurrent controls where one arm has nobody, at the stage or in its comparison."""
    for stage in subject.runbook.stages:
        if stage.percent not in (0, 100):
            continue
        named = [(stage.control, (*stage.at, "control"))]
        if stage.compare is not None:
            named.append((stage.compare.control, (*stage.at, "compare", "control")))
        for control, at in named:
            if control == "concurrent":
                who = "employees are no fair control" if stage.percent == 0 else "nobody is left on the baseline"
                yield Problem(
                    message=f"stage {stage.name} has a concurrent control at {stage.percent} %: {who}",
                    at=at,
                    help="write `absolute`" if stage.percent == 0 else "write `frozen` or `holdback`",
                )


RULE = Rule(id="control", check=check)
