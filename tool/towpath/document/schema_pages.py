"""The pages of what the runbook's schema says, for `towpath explain` and the documentation.

Examples are laid over a complete runbook: a top-level key written here replaces that key there.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def _page(title: str, prose: str, bad: str, good: str) -> str:
    return f"{title}\n\n{prose}\n\nBad:\n\n```yaml\n{bad}\n```\n\nGood:\n\n```yaml\n{good}\n```\n"


SCHEMA_RULES: Mapping[str, str] = MappingProxyType(
    {
        "unknown-key": _page(
            "Every key is one that Towpath knows.",
            "A misspelt key would be ignored, and with it the limit or the trigger it was meant to set. The finding"
            " names the closest key of that place.",
            "cohort: {unit: user, slat: support-triage-2026-11}",
            "cohort: {unit: user, salt: support-triage-2026-11}",
        ),
        "missing-key": _page(
            "Nothing that is needed is missing.",
            "The finding stands at the name of the mapping that lacks the key. A runbook that is not finished says"
            " `draft: true`, but these keys even a draft has.",
            "feature: {name: support-triage, calls_per_day: 120000}",
            "feature: {name: support-triage, users_per_month: 42000, calls_per_day: 120000}",
        ),
        "wrong-type": _page(
            "Values are of the kind that belongs there.",
            "A text where a list belongs, a list where a mapping belongs, a number in quotes: such a value cannot be"
            " used, and guessing what was meant would be worse.",
            'owners: "@acme/support-ai"',
            'owners: ["@acme/support-ai"]',
        ),
        "wrong-value": _page(
            "Values are among those that are allowed.",
            "The kind is right, but the value is none of the known words, outside its range, or not written in the"
            " form that belongs there. The finding says which values are allowed, and which one is closest.",
            "reason: upgrad",
            "reason: upgrade",
        ),
        "unit-missing": _page(
            "A quantity carries its unit.",
            "A bare 0.05 may mean five points, five per cent or five cents. Write 5pp for percentage points, 2x for"
            " a ratio, 10% for a relative amount, 72h or 7d for elapsed time, 0.01 USD/month for money.",
            "tasks:\n  refund-eligibility: {margin: 0.03}",
            "tasks:\n  refund-eligibility: {margin: 3pp}",
        ),
    }
)
