"""What a runbook knows about its own stages, tasks and suites."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace
from decimal import Decimal

import pytest

from support.documents import runbook
from towpath.model.runbook import DONE, PLANNED, RESERVED_STAGES, ROLLED_BACK, Rollout, Stage

BOOK = runbook()


def test_parts_are_found_by_name() -> None:
    task, suite, stage = BOOK.task("smalltalk"), BOOK.suite("offline"), BOOK.stage("half")
    assert task is not None
    assert not task.load_bearing
    assert suite is not None
    assert suite.adapter == "promptfoo"
    assert stage is not None
    assert stage.percent == 50


def test_unknown_names_find_nothing() -> None:
    assert BOOK.task("x") is None
    assert BOOK.suite("x") is None
    assert BOOK.stage("x") is None
    assert BOOK.stage(PLANNED) is None


def test_stages_are_ordered_by_index() -> None:
    names = [PLANNED, "internal", "canary", "half", "full", DONE]
    assert [BOOK.stage_index(name) for name in names] == [-1, 0, 1, 2, 3, 4]
    assert BOOK.stage_index(ROLLED_BACK) == -1
    with pytest.raises(KeyError):
        BOOK.stage_index("x")


def test_segments_accumulate_and_stand_once() -> None:
    stages = tuple(
        Stage(name=name, at=("stages", index), segments=segments)
        for index, (name, segments) in enumerate([("a", ("x", "y")), ("b", ()), ("c", ("y", "z"))])
    )
    book = replace(BOOK, stages=stages)
    assert book.segments_at(PLANNED) == ()
    assert book.segments_at("a") == ("x", "y")
    assert book.segments_at("b") == ("x", "y")
    assert book.segments_at("c") == ("x", "y", "z")
    assert book.segments_at(DONE) == ("x", "y", "z")
    assert book.segments_at(ROLLED_BACK) == ()


@pytest.mark.parametrize(
    ("stage", "live"), [(PLANNED, True), ("canary", True), ("full", True), (ROLLED_BACK, False), (DONE, False)]
)
def test_a_migration_is_live_until_it_is_done_or_rolled_back(stage: str, live: bool) -> None:
    assert replace(BOOK, rollout=Rollout(stage=stage, percent=Decimal(0))).live is live


def test_reserved_words_are_no_stages() -> None:
    assert RESERVED_STAGES == ("planned", "rolled-back", "done")


def test_a_runbook_is_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        BOOK.id = "x"  # type: ignore[misc]
