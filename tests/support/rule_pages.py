"""Runs the examples of a rule's page as the page promises (the format: `towpath/policy/rule.py`).

While writing a rule: `.venv/bin/pytest tests/unit/policy/test_rule_pages.py -k RULE-ID`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from support.runbooks import CLEAN_PATH, laid_over, snapshot
from towpath.document.schema_pages import SCHEMA_RULES
from towpath.document.yaml_pages import YAML_RULES
from towpath.model.finding import Severity
from towpath.policy.engine import lint
from towpath.policy.pack import Pack, Setting, load_pack

if TYPE_CHECKING:
    from towpath.model.finding import Finding
    from towpath.policy.page import Example, Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What lint said of one example.

    Attributes:
        text: the runbook as it was linted.
        path: where it lies.
        lines: how many lines the example wrote; they come first in the file.
        of_rule: the findings of the page's rule.
        others: the rest.
    """

    text: str
    path: str
    lines: int
    of_rule: tuple[Finding, ...]
    others: tuple[Finding, ...]

    @property
    def inside(self) -> tuple[Finding, ...]:
        """The rule's findings that begin in the lines the example wrote."""
        return tuple(item for item in self.of_rule if item.path == self.path and item.span.line <= self.lines)

    @property
    def unreadable(self) -> tuple[Finding, ...]:
        """What the parser, the schema or the engine said against the example."""
        known = {*YAML_RULES, *SCHEMA_RULES, "rule-crashed"}
        return tuple(item for item in self.others if item.rule in known)


def lint_example(page: Page, example: Example) -> Outcome:
    """Lint the repository an example describes, with every rule of the recommended pack, this one switched on."""
    files: dict[str, str | bytes] = {}
    base: dict[str, str | bytes] = {}
    path, text, lines = "", "", 0
    for block in example.blocks:
        place = block.file or block.at or CLEAN_PATH
        whole = page.rule in YAML_RULES or (block.file and not block.file.startswith("runbooks/"))
        content = block.text if whole else laid_over(block.text, block.without)
        (base if block.before else files)[place] = content
        if not block.before and not path:
            path, text, lines = place, content, block.text.count("\n")
    if not any(name.startswith("runbooks/") for name in files):
        files[CLEAN_PATH] = laid_over("")
        path, text = (path, text) if path else (CLEAN_PATH, laid_over(""))
    # at the base revision everything that the example does not show differently was as it is now
    around = snapshot(files, before={**files, **base} if base else None)
    found = lint(around, _switched_on(load_pack(around, "towpath/recommended"), page.rule))
    return Outcome(
        text=text,
        path=path,
        lines=lines or text.count("\n"),
        of_rule=tuple(item for item in found if item.rule == page.rule),
        others=tuple(item for item in found if item.rule != page.rule),
    )


def _switched_on(pack: Pack, rule: str) -> Pack:
    setting = pack.rules.get(rule)
    if setting is None or setting.severity is not None:
        return pack
    return replace(pack, rules={**pack.rules, rule: Setting(severity=Severity.ERROR, options=setting.options)})
