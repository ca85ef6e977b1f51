"""The chance of a false alarm is small.

`alpha` is the chance of any false trigger over a whole stage. A watcher that cries wolf is switched off.

Bad:

```yaml
checks:
  eval: {standard: {suite: offline, max_evidence_age: 30d, require: {quality: non_inferior}}}
  cost: {standard: {total_increase: {at_most: 10%}, budget: 20000 USD/month, volumes: [1x, 2x]}}
  rollback:
    standard:
      to: baseline
      alpha: 50%
      when:
        watch: {metric: quality, tasks: watch, worse_by: 3pp}
        late: {metric: latency_p99, over: 2x}
```

Good:

```yaml
checks:
  eval: {standard: {suite: offline, max_evidence_age: 30d, require: {quality: non_inferior}}}
  cost: {standard: {total_increase: {at_most: 10%}, budget: 20000 USD/month, volumes: [1x, 2x]}}
  rollback:
    standard:
      to: baseline
      alpha: 5%
      when:
        watch: {metric: quality, tasks: watch, worse_by: 3pp}
        late: {metric: latency_p99, over: 2x}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from towpath.model.quantity import parse_percent
from towpath.policy.rule import Problem, Rule, Subject
from towpath.policy.sections import rollback_sections

if TYPE_CHECKING:
    from collections.abc import Iterator


def check(subject: Subject) -> Iterator[Problem]:
    """Report an alpha that is missing, zero or over the pack's largest."""
    largest = parse_percent(subject.options["largest"])
    for _, section in rollback_sections(subject.runbook):
        if subject.refused((*section.at, "alpha")):
            continue
        if section.alpha is None:
            yield Problem(
                message="the rollback section does not say how many false alarms are acceptable",
                at=section.at,
                on_key=True,
                help="add `alpha: 5%`",
            )
        elif not 0 < section.alpha.value <= largest.value:
            yield Problem(
                message=f"an alpha of {section.alpha} is not above 0% and at most {largest}",
                at=(*section.at, "alpha"),
                help="write `alpha: 5%`",
            )


RULE = Rule(
    id="alpha",
    check=check,
    options={"largest": ("10%", "the largest chance of a false alarm over a stage")},
)
