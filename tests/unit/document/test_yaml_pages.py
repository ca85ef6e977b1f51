"""The examples on the YAML pages show what the pages say."""

from __future__ import annotations

import re

import pytest

from support.documents import PATH
from towpath.document.parse import parse
from towpath.document.yaml_pages import YAML_RULES


@pytest.mark.parametrize("rule", YAML_RULES)
def test_the_bad_example_has_the_finding_and_the_good_one_none(rule: str) -> None:
    bad, good = re.findall(r"```yaml\n(.*?)\n```", YAML_RULES[rule], re.DOTALL)
    assert {finding.rule for finding in parse(f"{bad}\n".encode(), PATH)[1]} == {rule}
    assert parse(f"{good}\n".encode(), PATH)[1] == ()


@pytest.mark.parametrize("rule", YAML_RULES)
def test_a_page_begins_with_a_title_line(rule: str) -> None:
    title, blank, *_ = YAML_RULES[rule].split("\n")
    assert title.endswith(".")
    assert blank == ""
