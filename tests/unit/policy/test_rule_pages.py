"""The examples on every rule's page are its tests."""

from __future__ import annotations

import inspect
from types import ModuleType

import pytest

from support.rule_pages import lint_example
from support.runbooks import CLEAN, snapshot
from towpath.document.schema_pages import SCHEMA_RULES
from towpath.document.yaml_pages import YAML_RULES
from towpath.policy.catalogue import RULES, pages
from towpath.policy.engine import lint
from towpath.policy.pack import load_pack
from towpath.policy.page import Example, Page
from towpath.policy.rules import RULE_MODULES

EXAMPLES = [
    pytest.param(page, example, id=f"{page.rule}-{example.kind}-{number}")
    for page in pages().values()
    for number, example in enumerate(page.examples)
]


@pytest.mark.parametrize(("page", "example"), EXAMPLES)
def test_example_is_what_its_page_says(page: Page, example: Example) -> None:
    outcome = lint_example(page, example)
    if example.kind == "good":
        assert not outcome.of_rule, f"{outcome.of_rule[0]}\n{outcome.text}"
        if page.rule not in YAML_RULES:
            assert not outcome.unreadable, f"{outcome.unreadable[0]}\n{outcome.text}"
    else:
        assert outcome.of_rule, f"{page.rule} says nothing of its bad example; others: {outcome.others}\n{outcome.text}"
        assert outcome.inside, f"not in the lines of the example: {outcome.of_rule}\n{outcome.text}"


@pytest.mark.parametrize("page", [pytest.param(page, id=page.rule) for page in pages().values()])
def test_page_is_whole(page: Page) -> None:
    assert page.title.endswith("."), "the first line is a sentence that says what is right"
    assert len(page.title) <= 110
    assert page.prose
    if page.rule == "rule-crashed":
        return  # no runbook makes a rule fail; test_engine shows it
    assert {example.kind for example in page.examples} == {"bad", "good"}


def test_ids_are_one_per_rule_and_match_their_files() -> None:
    assert len(RULES) == len(RULE_MODULES)
    assert not set(RULES) & {*YAML_RULES, *SCHEMA_RULES}
    for module in RULE_MODULES:
        assert module.RULE.id == module.__name__.rpartition(".")[2].replace("_", "-")


@pytest.mark.parametrize("module", RULE_MODULES, ids=lambda module: module.RULE.id)
def test_rules_say_what_they_look_at(module: ModuleType) -> None:
    """The engine shows other runbooks and the base only to rules that say they compare."""
    source = inspect.getsource(module)
    if ".runbooks" in source:
        assert module.RULE.cross_file
    if "subject.before" in source:
        assert module.RULE.cross_file or module.RULE.needs_base


def test_complete_runbook_is_clean() -> None:
    around = snapshot({"runbooks/support-triage-2026-11.yaml": CLEAN})
    assert lint(around, load_pack(around, "towpath/recommended")) == ()


def test_complete_runbook_is_clean_against_itself() -> None:
    files: dict[str, str | bytes] = {"runbooks/support-triage-2026-11.yaml": CLEAN}
    around = snapshot(files, before=files)
    assert lint(around, load_pack(around, "towpath/recommended")) == ()
