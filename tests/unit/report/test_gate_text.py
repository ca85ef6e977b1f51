"""A gate's report on a terminal."""

from __future__ import annotations

from dataclasses import replace

import pytest

from support.gates import HOSTILE_REPORT, reports
from support.golden import as_recorded
from support.hostile import terminal_is_safe
from towpath.model.verdict import Criterion, Verdict, overall
from towpath.report.gate_text import _BAR, _bar, render_gate

REPORTS = reports()


@pytest.mark.parametrize("name", REPORTS)
def test_text_is_as_recorded(name: str) -> None:
    as_recorded(f"gate/{name}.text", render_gate(REPORTS[name], colour=False))


def test_the_reports_are_what_their_names_say() -> None:
    for name, report in REPORTS.items():
        assert report.verdict.value == name.replace("synthetic", "pass")
        if report.criteria:
            assert overall(one.verdict for one in report.criteria) is report.verdict


def test_the_answer_is_the_first_line_and_the_watch_task_the_first_task() -> None:
    first, *rest = render_gate(REPORTS["fail"], colour=False).splitlines()
    assert first == "FAIL         support: canary must not be entered: invoice fails"
    tasks = [line for line in rest if line.startswith("  ") and "%  " in line]
    assert tasks[0].startswith("  invoice")
    assert tasks[0].endswith("(watch task)")


def test_a_loss_that_the_average_hides_is_shown_beside_it() -> None:
    text = render_gate(REPORTS["fail"], colour=False)
    assert "average of all 650 examples: 69.2% -> 93.8% (not a criterion: an average hides a task)" in text


def test_what_would_decide_is_said() -> None:
    text = render_gate(REPORTS["inconclusive"], colour=False)
    (criterion,) = (one for one in REPORTS["inconclusive"].criteria if one.verdict is Verdict.INCONCLUSIVE)
    assert criterion.needed is not None
    assert f"  refund: about {criterion.needed:,} examples would decide (there are 60)" in text


def test_synthetic_evidence_is_said_at_the_top() -> None:
    assert "SYNTHETIC" in "\n".join(render_gate(REPORTS["synthetic"], colour=False).splitlines()[:3])
    assert "SYNTHETIC" not in render_gate(REPORTS["pass"], colour=False)


def test_colour_only_when_wanted() -> None:
    plain, painted = (render_gate(REPORTS["fail"], colour=colour) for colour in (False, True))
    assert "\x1b" not in plain
    assert "\x1b[31m\x1b[1mFAIL" in painted
    assert "\x1b[32mpass" in painted


def test_a_narrow_terminal_gets_no_picture() -> None:
    narrow = render_gate(REPORTS["pass"], colour=False, width=80)
    assert "[" not in narrow
    assert max(map(len, narrow.splitlines()[:6])) <= 80


@pytest.mark.parametrize("colour", [False, True])
def test_nothing_steers_the_terminal(colour: bool) -> None:
    text = render_gate(HOSTILE_REPORT, colour=colour)
    if colour:
        for code in ("\x1b[33m", "\x1b[1m", "\x1b[0m"):
            text = text.replace(code, "")
    assert terminal_is_safe(text)
    assert not any(line.startswith(("# Gate", "| a |", "@acme")) for line in text.splitlines())


def test_the_picture_shows_interval_estimate_zero_and_margin() -> None:
    one = Criterion(
        id="quality/x",
        metric="score",
        test="tango",
        verdict=Verdict.FAIL,
        estimate=-0.5,
        low=-0.75,
        high=-0.25,
        margin=1.0,
    )
    drawn = _bar(one, 1.0)
    assert len(drawn) == _BAR
    assert drawn == "!   [---o---]   :" + " " * 16
    # an interval wider than the axis stays on it
    assert len(_bar(replace(one, low=-9.0, high=9.0), 1.0)) == _BAR
