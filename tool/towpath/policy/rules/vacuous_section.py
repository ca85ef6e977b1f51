"""No section is empty or lets everything through.

An eval section that requires nothing, a cost section without a limit, a rollback section without a trigger, and limits
so wide that nothing can reach them, look like checks in a review and are none.

Bad:

```yaml
checks:
  eval: {standard: {suite: offline, require: {}}}
  cost: {standard: {volumes: [1x, 2x]}}
  rollback: {standard: {to: baseline, when: {}}}
```

Bad, limits that nothing reaches:

```yaml
checks:
  eval: {standard: {suite: offline, require: {quality: non_inferior, latency_p50: {at_most: 100x}}}}
  cost: {standard: {total_increase: {at_most: 2000%}, budget: 10 USD/month, volumes: [2x]}}
  rollback: {standard: {to: baseline, when: {accuracy: {metric: quality, tasks: watch, worse_by: 90pp}}}}
```

Good:

```yaml
checks:
  eval: {standard: {suite: offline, require: {quality: non_inferior, latency_p50: {at_most: 1.5x}}}}
  cost: {standard: {total_increase: {at_most: 10%}, budget: 20000 USD/month, volumes: [1x, 2x]}}
  rollback: {standard: {to: baseline, when: {watch: {metric: quality, tasks: watch, worse_by: 3pp}}}}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from towpath.model.quantity import Percent, Points, Ratio, parse_percent, parse_points, parse_ratio
from towpath.model.runbook import CostSection, EvalSection, Pointer, RollbackSection
from towpath.policy.rule import Problem, Rule, Subject

if TYPE_CHECKING:
    from collections.abc import Iterator


def check(subject: Subject) -> Iterator[Problem]:
    """Report each section that cannot say no, once, however many stages use it."""
    seen: set[Pointer] = set()
    for stage in subject.runbook.stages:
        for section in (stage.eval, stage.cost, stage.rollback):
            if section is not None and section.at not in seen and not subject.refused(section.at):
                seen.add(section.at)
                if isinstance(section, EvalSection):
                    yield from _eval(section, subject)
                elif isinstance(section, CostSection):
                    yield from _cost(section, subject)
                else:
                    yield from _rollback(section, subject)


def _eval(section: EvalSection, subject: Subject) -> Iterator[Problem]:
    if not section.require:
        yield Problem(
            message="the eval section requires nothing",
            at=section.at,
            on_key=True,
            help="write what must hold, at least `require: {quality: non_inferior}`",
        )
    for requirement in section.require:
        yield from _wide(requirement.at_most, (*requirement.at, "at_most"), requirement.metric, subject)


def _cost(section: CostSection, subject: Subject) -> Iterator[Problem]:
    if section.total_increase is None and section.per_user_increase is None and section.budget is None:
        yield Problem(
            message="the cost section has no limit",
            at=section.at,
            on_key=True,
            help="write a limit such as `total_increase: {at_most: 10%}` and `budget: 20000 USD/month`",
        )
    yield from _wide(section.total_increase, (*section.at, "total_increase", "at_most"), "total_increase", subject)


def _rollback(section: RollbackSection, subject: Subject) -> Iterator[Problem]:
    if not section.when:
        yield Problem(
            message="the rollback section has no trigger",
            at=section.at,
            on_key=True,
            help="write when to go back, such as `when: {watch: {metric: quality, tasks: watch, worse_by: 3pp}}`",
        )
    for trigger in section.when:
        yield from _wide(trigger.worse_by, (*trigger.at, "worse_by"), trigger.name, subject)
        yield from _wide(trigger.over, (*trigger.at, "over"), trigger.name, subject)


def _wide(limit: object, at: Pointer, name: str, subject: Subject) -> Iterator[Problem]:
    widest: Ratio | Points | Percent
    if isinstance(limit, Ratio):
        widest = parse_ratio(subject.options["widest_ratio"])
    elif isinstance(limit, Points):
        widest = parse_points(subject.options["widest_points"])
    elif isinstance(limit, Percent):
        widest = parse_percent(subject.options["widest_percent"])
    else:
        return
    if limit.value > widest.value:
        yield Problem(
            message=f"the limit {limit} of {name} is so wide that nothing reaches it",
            at=at,
            help="write the largest loss you could accept",
        )


RULE = Rule(
    id="vacuous-section",
    check=check,
    options={
        "widest_ratio": ("10x", "the widest ratio that still is a limit"),
        "widest_points": ("50pp", "the widest loss of points that still is a limit"),
        "widest_percent": ("500%", "the widest increase that still is a limit"),
    },
)
