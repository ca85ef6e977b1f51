"""What an evaluation could decide, as people and programs read it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from support.golden import as_recorded
from support.hostile import HOSTILE, terminal_is_safe
from support.judged import answers, judged_runbook, snapshot
from towpath.gate.power import PowerReport, power_for
from towpath.report.power_text import power_data, render_power


def reports() -> dict[str, PowerReport]:
    """By what they show."""
    runbook = judged_runbook()
    few = [*answers("refund", 60, 3, 2), *answers("invoice", 51, 0, 0), *answers("smalltalk", 50)]
    many = [*answers("refund", 900, 9, 9), *answers("invoice", 900, 9, 9), *answers("smalltalk", 50)]
    return {
        "power-none": power_for(snapshot(None), runbook),
        "power-few": power_for(snapshot(few), runbook, "canary"),
        "power-enough": power_for(snapshot(many), runbook),
    }


REPORTS = reports()


@pytest.mark.parametrize("name", REPORTS)
def test_text_and_json_are_as_recorded(name: str) -> None:
    as_recorded(f"report/{name}.text", render_power(REPORTS[name], colour=False))
    as_recorded(f"report/{name}.json", json.dumps(power_data(REPORTS[name]), indent=2, allow_nan=False))


def test_a_margin_that_no_even_outcome_satisfies_is_named() -> None:
    text = render_power(REPORTS["power-few"], colour=False)
    assert (
        "invoice (watch task): 51 examples cannot show 5 points, even if both models answered every one alike" in text
    )
    assert text.startswith("not enough  support: canary: 2 of 2 margins")


def test_colour_only_when_wanted() -> None:
    plain, painted = (render_power(REPORTS["power-enough"], colour=colour) for colour in (False, True))
    assert "\x1b" not in plain
    assert "\x1b[32m\x1b[1menough" in painted


def test_names_cannot_command_a_terminal() -> None:
    whole = REPORTS["power-few"]
    hostile = replace(
        whole,
        runbook=HOSTILE,
        stage=HOSTILE,
        evidence=HOSTILE,
        tasks=tuple(replace(one, task=HOSTILE) for one in whole.tasks),
        live=tuple(replace(one, stage=HOSTILE, trigger=HOSTILE) for one in whole.live),
    )
    assert terminal_is_safe(render_power(hostile, colour=False))


def test_no_task_is_said() -> None:
    none = replace(REPORTS["power-few"], tasks=())
    assert not none.reachable
    assert "no task is load-bearing" in render_power(none, colour=False)
