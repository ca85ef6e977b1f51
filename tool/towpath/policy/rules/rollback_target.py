"""There is somewhere to go back to, for as long as the rollout lasts.

A rollback section says `to: baseline` or `to: previous`. The baseline must live until the end of the remaining stages
and the pack's margin; otherwise a fallback that lives long enough is needed. A dead model answers nobody.

Bad, no target:

```yaml
checks:
  eval: {standard: {suite: offline, max_evidence_age: 30d, require: {quality: non_inferior}}}
  cost: {standard: {total_increase: {at_most: 10%}, budget: 20000 USD/month, volumes: [1x, 2x]}}
  rollback: {standard: {when: {watch: {metric: quality, tasks: watch, worse_by: 3pp}}}}
```

Bad, the baseline dies half-way:

```yaml
arms:
  baseline: {model: {provider: local, id: smollm2-135m-q4_1, retires: 2026-12-05}}
  candidate: {model: {provider: local, id: qwen2.5-coder-0.5b-q4_k_m}}
```

Good, with a fallback:

```yaml
arms:
  baseline: {model: {provider: local, id: smollm2-135m-q4_1, retires: 2026-12-05}}
  candidate: {model: {provider: local, id: qwen2.5-coder-0.5b-q4_k_m}}
  fallback: {model: {provider: local, id: smollm2-360m-q4_1, retires: 2027-12-31}}
```
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from towpath.model.quantity import parse_duration
from towpath.policy.rule import Problem, Rule, Subject

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from towpath.model.runbook import Arm, Pointer, Runbook


def check(subject: Subject) -> Iterator[Problem]:
    """Report rollback sections without a target, and a baseline that dies before the rollout can be over."""
    runbook = subject.runbook
    seen: set[Pointer] = set()
    for stage in runbook.stages:
        section = stage.rollback
        if section is None or subject.refused((*section.at, "to")):
            continue
        if section.to is None and section.at not in seen:
            seen.add(section.at)
            yield Problem(
                message="the rollback section does not say where to",
                at=section.at,
                on_key=True,
                help="add `to: baseline`",
            )
    if not runbook.live:
        return
    end = (subject.snapshot.now + _left(runbook) + parse_duration(subject.options["margin"])).date()
    for name, arm in (("baseline", runbook.baseline), ("fallback", runbook.fallback)):
        if arm is None or (name == "baseline" and _lives(runbook.fallback, end)):
            continue
        if not _lives(arm, end):
            yield Problem(
                message=f"the {name} {arm.model} retires before the rollout can be over ({end})",
                at=("arms", name, "model", "retires"),
                help="add arms.fallback with a model that lives longer, or start earlier",
            )


def _left(runbook: Runbook) -> timedelta:
    """Time the stages still take: those not entered yet and the present one."""
    try:
        index = max(0, runbook.stage_index(runbook.rollout.stage))
    except KeyError:
        index = 0
    # nobody waits longer than a few years: more would leave the calendar
    return min(
        sum((stage.bake or timedelta(0) for stage in runbook.stages[index:]), timedelta(0)), timedelta(days=3650)
    )


def _lives(arm: Arm | None, until: date) -> bool:
    return arm is not None and (arm.retires is None or arm.retires > until)


RULE = Rule(
    id="rollback-target",
    check=check,
    options={"margin": ("30d", "how long after the last stage the way back must stay open")},
)
