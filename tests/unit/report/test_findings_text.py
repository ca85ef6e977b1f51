"""Findings for people."""

from __future__ import annotations

from dataclasses import replace

from support.found import ALL, ERROR, NOTE, SUMMARY, read
from towpath.report.findings_text import render_findings, render_summary

ERROR_BLOCK = """\
runbooks/a.yaml:4:15: error: the watch task refnds is no task [stage-sections]
    |
  3 |   refunds: {margin: 3pp}
    |   ------- declared here
  4 | watch: {task: refnds}
    |               ^^^^^^
  help: did you mean refunds?
  why: towpath explain stage-sections"""


def test_block_with_code_frame() -> None:
    assert list(render_findings([ERROR], read, colour=False)) == [ERROR_BLOCK]


def test_paths_can_be_opened_from_the_current_folder() -> None:
    (block,) = render_findings([NOTE], read, colour=False, prefix="../")
    assert block == (
        "../runbooks/ü b.yaml:1:1: note: two\\x0alines [runbook-deleted]\n"
        "  see ../runbooks/a.yaml:1:1\n  why: towpath explain runbook-deleted"
    )


def test_brief_is_one_line_each() -> None:
    assert [row.count("\n") for row in render_findings(ALL, read, colour=False, brief=True)] == [0, 0, 0]


def test_colour_only_when_wanted() -> None:
    assert "\x1b[31" in "".join(render_findings([ERROR], read, colour=True))
    assert "\x1b" not in "".join(render_findings(ALL, read, colour=False))
    assert "\x1b" in render_summary(ALL, SUMMARY, colour=True)


def test_summary_counts_and_says_what_did_not_run() -> None:
    said = render_summary(ALL, SUMMARY, colour=False)
    assert said.startswith("1 error, 1 warning, 1 note in 3 runbooks, checked with towpath/recommended")
    assert said.endswith("without --base, rules about history did not run")
    clean = render_summary((), replace(SUMMARY, files=1, base="main"), colour=False)
    assert clean == "clean: 1 runbook checked with towpath/recommended"
