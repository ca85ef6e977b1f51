"""Evidence may not be older than the eval section says, and it says so.

A provider changes what stands behind a name, traffic changes, a prompt is polished: results of last year say little.
Without `max_evidence_age` anything ever measured would do.

Bad:

```yaml
checks:
  eval: {standard: {suite: offline, require: {quality: non_inferior}}}
  cost: {standard: {total_increase: {at_most: 10%}, budget: 20000 USD/month, volumes: [1x, 2x]}}
  rollback: {standard: {to: baseline, when: {watch: {metric: quality, tasks: watch, worse_by: 3pp}}}}
```

Bad, as good as no limit:

```yaml
checks:
  eval: {standard: {suite: offline, max_evidence_age: 900d, require: {quality: non_inferior}}}
  cost: {standard: {total_increase: {at_most: 10%}, budget: 20000 USD/month, volumes: [1x, 2x]}}
  rollback: {standard: {to: baseline, when: {watch: {metric: quality, tasks: watch, worse_by: 3pp}}}}
```

Good:

```yaml
checks:
  eval: {standard: {suite: offline, max_evidence_age: 30d, require: {quality: non_inferior}}}
  cost: {standard: {total_increase: {at_most: 10%}, budget: 20000 USD/month, volumes: [1x, 2x]}}
  rollback: {standard: {to: baseline, when: {watch: {metric: quality, tasks: watch, worse_by: 3pp}}}}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from towpath.model.quantity import duration_text, parse_duration
from towpath.policy.rule import Problem, Rule, Subject
from towpath.policy.sections import eval_sections

if TYPE_CHECKING:
    from collections.abc import Iterator


def check(subject: Subject) -> Iterator[Problem]:
    """Report eval sections without an age, and ages over the pack's longest."""
    longest = parse_duration(subject.options["longest"])
    for _, section in eval_sections(subject.runbook):
        age = section.max_evidence_age
        if subject.refused((*section.at, "max_evidence_age")):
            continue
        if age is None:
            yield Problem(
                message="the eval section does not say how old evidence may be",
                at=section.at,
                on_key=True,
                help="add `max_evidence_age: 30d`",
            )
        elif age > longest:
            yield Problem(
                message=f"evidence may be {duration_text(age)} old, longer than the {duration_text(longest)} allowed",
                at=(*section.at, "max_evidence_age"),
                help=f"write at most {duration_text(longest)}",
            )


RULE = Rule(
    id="evidence-age",
    check=check,
    options={"longest": ("90d", "the longest max_evidence_age")},
)
