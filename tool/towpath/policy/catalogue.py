"""Every rule by its id, those of the parser, the schema and the engine included, with their pages."""

from __future__ import annotations

from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from towpath.document.schema_pages import SCHEMA_RULES
from towpath.document.yaml_pages import YAML_RULES
from towpath.policy.engine_pages import ENGINE_RULES
from towpath.policy.page import Page, read_page
from towpath.policy.rules import RULE_MODULES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from towpath.policy.rule import Rule

RULES: Mapping[str, Rule] = MappingProxyType({module.RULE.id: module.RULE for module in RULE_MODULES})
"""The rules that packs choose among, in the order of their pages."""

FIXED: frozenset[str] = frozenset({*YAML_RULES, *SCHEMA_RULES, *ENGINE_RULES})
"""Rules that no pack can change: a file that cannot be read, or a rule that did not run, is never clean."""


@cache
def pages() -> Mapping[str, Page]:
    """The page of every rule: the parser's, the schema's, the engine's, then the built-in rules."""
    texts: dict[str, str] = {**YAML_RULES, **SCHEMA_RULES, **ENGINE_RULES}
    texts |= {module.RULE.id: module.__doc__ or "" for module in RULE_MODULES}
    return MappingProxyType({rule: read_page(rule, text) for rule, text in texts.items()})
