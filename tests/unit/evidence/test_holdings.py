"""What evidence a runbook has, and whether it still fits."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from support.measured import BINDING_DATA, FILES, MEASURED, runbook
from towpath.evidence.holdings import holdings_of
from towpath.gate.normal_form import evidence_path
from towpath.model.runbook import EvalSection, Runbook, Stage
from towpath.model.snapshot import MappedFiles, Snapshot

PATH = evidence_path("support", "offline", BINDING_DATA)
TREE = MappedFiles({**FILES.contents, PATH: BINDING_DATA, "evidence/support/broken.jsonl": b"{}\n"})


def held(book: Runbook, age: timedelta = timedelta(days=1)) -> list[tuple[str, str]]:
    found = holdings_of(Snapshot(files=TREE, now=MEASURED + age), book)
    return [(holding.path, holding.refused) for holding in found]


def test_what_fits_comes_before_what_cannot_be_read() -> None:
    (first, fits), (second, broken) = held(runbook())
    assert (first, fits, second) == (PATH, "", "evidence/support/broken.jsonl")
    assert broken.startswith("not in the normal form: ")


def test_the_shortest_age_of_the_stages_counts() -> None:
    def stage(name: str, days: int) -> Stage:
        return Stage(name=name, at=(), eval=EvalSection(at=(), suite="offline", max_evidence_age=timedelta(days=days)))

    book = replace(runbook(), stages=(stage("a", 30), stage("b", 3)))
    assert held(book, timedelta(days=3))[0][1] == ""
    assert "max_evidence_age is 72h" in held(book, timedelta(days=4))[0][1]


def test_a_suite_that_is_gone_is_a_reason() -> None:
    assert held(replace(runbook(), suites=()))[0][1] == "the runbook has no suite offline any more"
