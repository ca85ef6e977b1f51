"""The gate's confidence is at least what the pack asks for.

At a confidence of 60 % every second harmful change passes some gate.

Bad:

```yaml
checks:
  eval: {standard: {suite: offline, max_evidence_age: 30d, confidence: 60%, require: {quality: non_inferior}}}
  cost: {standard: {total_increase: {at_most: 10%}, budget: 20000 USD/month, volumes: [1x, 2x]}}
  rollback: {standard: {to: baseline, when: {watch: {metric: quality, tasks: watch, worse_by: 3pp}}}}
```

Good:

```yaml
checks:
  eval: {standard: {suite: offline, max_evidence_age: 30d, confidence: 95%, require: {quality: non_inferior}}}
  cost: {standard: {total_increase: {at_most: 10%}, budget: 20000 USD/month, volumes: [1x, 2x]}}
  rollback: {standard: {to: baseline, when: {watch: {metric: quality, tasks: watch, worse_by: 3pp}}}}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from towpath.model.quantity import parse_percent
from towpath.policy.rule import Problem, Rule, Subject
from towpath.policy.sections import eval_sections

if TYPE_CHECKING:
    from collections.abc import Iterator


def check(subject: Subject) -> Iterator[Problem]:
    """Report confidences under the pack's lowest, and at or over 100 %."""
    lowest = parse_percent(subject.options["lowest"])
    for _, section in eval_sections(subject.runbook):
        if not lowest.value <= section.confidence.value < 1:
            yield Problem(
                message=f"a confidence of {section.confidence} is not between {lowest} and 100%",
                at=(*section.at, "confidence"),
                help="write 95% unless you know why not",
            )


RULE = Rule(
    id="confidence",
    check=check,
    options={"lowest": ("90%", "the lowest confidence")},
)
