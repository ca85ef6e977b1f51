"""`towpath explain`."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from support.commands import Ran, runner
from towpath.policy.catalogue import pages

Run = Callable[..., Ran]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    return runner(monkeypatch, capsys)


def test_list_has_every_rule_with_one_line(run: Run) -> None:
    shown = run("explain")
    assert shown.code == 0
    assert [row.split()[0] for row in shown.out.splitlines()] == list(pages())
    assert json.loads(run("explain", "--format", "json").out)[0] == {
        "rule": "yaml-syntax",
        "title": "The file is well-formed YAML.",
    }
    assert "* `stage-sections`: " in run("explain", "--format", "markdown").out


@pytest.mark.parametrize("rule", list(pages()))
def test_every_page_can_be_shown(run: Run, rule: str) -> None:
    shown = run("explain", rule)
    assert shown.code == 0
    assert shown.out.startswith(f"{rule}: {pages()[rule].title}\n")
    assert "\x1b" not in shown.out


def test_page_as_data_and_as_markdown(run: Run) -> None:
    page = json.loads(run("explain", "stage-sections", "--format", "json").out)
    assert page["rule"] == "stage-sections"
    assert {example["kind"] for example in page["examples"]} == {"bad", "good"}
    assert "name: internal" in page["examples"][0]["files"][0]["text"]
    assert run("explain", "stage-sections", "--format", "markdown").out.startswith("# stage-sections\n")


def test_unknown_rule_gets_a_suggestion(run: Run) -> None:
    asked = run("explain", "stage-section")
    assert asked.code == 2
    assert "did you mean stage-sections?" in asked.err
    assert "towpath explain" in run("explain", "qqq").err
