"""When an answer counts as right. The rule for every task, the same as in `scoring.js`.

* Tasks with labels: the answer names the expected label and no other label of that task, whatever else it says. Case
  does not matter; a label counts as a whole word.
* `order-number`: the answer contains exactly one order number (two letters, a dash, five digits; repeated is fine), and
  it is the expected one.
"""

from __future__ import annotations

import re

LABELS = {
    "refund-denial": ("yes", "no"),
    "refund-approval": ("yes", "no"),
    "ticket-routing": ("billing", "delivery", "account", "repair"),
    "urgency": ("urgent", "normal"),
    "language": ("english", "german", "french", "spanish"),
}
ORDER_NUMBER = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}-[0-9]{5}(?![0-9])")


def is_right(task: str, answer: str, expected: str) -> bool:
    """Whether the answer to an example of this task counts as right."""
    if task == "order-number":
        return set(ORDER_NUMBER.findall(answer)) == {expected}
    words = set(re.findall(r"[a-z]+", answer.lower()))
    return words & set(LABELS[task]) == {expected}
