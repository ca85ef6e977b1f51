"""The built-in rules, in the order of their pages. Adding a rule is adding its module here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from towpath.policy.rules import (
    stage_sections,
)

if TYPE_CHECKING:
    from types import ModuleType

RULE_MODULES: tuple[ModuleType, ...] = (stage_sections,)
"""Each has `RULE` and a docstring that is its page."""
