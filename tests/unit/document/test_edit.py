"""Edits set exactly what they are asked to set and leave every other byte alone."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.documents import RUNBOOK, changed, document, texts
from towpath.document.edit import same, set_entries
from towpath.model.errors import UsageError

AT = ("rollout",)
HOLD = {"by": "@acme/ops", "reason": "errors: 5 of 100 # high", "since": "2026-11-23T09:00:00Z", "until": None}

BLOCKS = {
    "as it came": RUNBOOK[RUNBOOK.index("rollout:") :],
    "flow": "rollout: {stage: planned, percent: 0, hold: null}   # bots\n",
    "flow over lines": "rollout: {\n  stage: planned,  # here\n  percent: 0,\n  hold: null,\n}\n",
    "flow with quotes": 'rollout: {\'stage\': "planned", "percent":0, hold: }\n',
    "block with blanks": "rollout:\n\n  # where it stands\n  stage: 'planned'\n\n  percent:   0\n  hold:   # none\n",
    "held in a block": "rollout:\n  stage: planned\n  percent: 0\n  hold:\n    by: x\n    reason: |\n      y  # z\n\n",
    "held in flow": "rollout:\n  stage: planned\n  hold: {by: x, reason: y}  # ask\n  percent: 0\n",
    "without hold": "rollout:\n  stage: planned\n  percent: 0 # none\n",
    "flow without hold": "rollout: {stage: planned, percent: 0}\n",
    "long text": "rollout:\n    stage: >-\n      planned\n    percent: 0\n    hold: null\n",
    "values below": "rollout:\n  stage:\n    planned\n  percent:\n    0\n  hold:\n    null\n",
}
TAILS = {"nothing": "", "a comment": "\n# the end\n", "more keys": "\n# next\ntitle: after\n"}


def around(block: str, tail: str) -> tuple[str, str]:
    """What stands before and after the block."""
    return RUNBOOK[: RUNBOOK.index("rollout:")].replace("title: Support", "# title: Support"), tail


def entries() -> st.SearchStrategy[dict[str, Any]]:
    """What a transition may write."""
    hold = st.none() | st.fixed_dictionaries(
        {"by": texts(), "reason": texts() | st.text(max_size=60).filter(lambda text: text.isprintable())},
        optional={"since": st.just("2026-11-23T09:00:00Z"), "until": st.none()},
    )
    stage = st.sampled_from(["planned", "internal", "rolled-back", "5pct", "no", "null"])
    percent = st.decimals(0, 100, places=2) | st.integers(0, 100)
    return st.fixed_dictionaries({}, optional={"stage": stage, "percent": percent, "hold": hold})


@given(
    st.sampled_from(sorted(BLOCKS)),
    st.sampled_from(sorted(TAILS)),
    entries(),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
    st.booleans(),
)
def test_an_edit_sets_the_values_and_nothing_else(
    block: str, tail: str, wanted: dict[str, Any], newline: str, mark: bool, cut_end: bool
) -> None:
    before, after = around(block, TAILS[tail])
    body = BLOCKS[block]
    if cut_end and not after:
        body = body.rstrip("\n")
    head, middle, end = (part.replace("\n", newline).encode() for part in (before, body, after))
    if mark:
        head = b"\xef\xbb\xbf" + head
    read = document(head + middle + end)
    result = set_entries(read, AT, wanted)
    assert result.startswith(head)
    assert result.endswith(end)
    again = document(result)
    plain = {key: float(value) if isinstance(value, Decimal) else value for key, value in wanted.items()}
    assert again.data == {**read.data, "rollout": {**read.data["rollout"], **plain}}
    edited = result.removeprefix(head).removesuffix(end)
    assert edited.count(b"\r") == (edited.count(b"\n") if newline == "\r\n" else 0)


@given(st.sampled_from(sorted(BLOCKS)), entries())
def test_an_edit_done_twice_changes_nothing_more(block: str, wanted: dict[str, Any]) -> None:
    once = set_entries(document(BLOCKS[block]), AT, wanted)
    assert set_entries(document(once), AT, wanted) == once


@given(st.sampled_from(sorted(BLOCKS)))
def test_setting_what_is_there_changes_nothing(block: str) -> None:
    read = document(BLOCKS[block])
    assert set_entries(read, AT, read.data["rollout"]) == read.text


def test_a_promotion_is_a_small_diff() -> None:
    result = set_entries(document(RUNBOOK), AT, {"stage": "internal", "percent": Decimal("5.0"), "hold": None})
    assert result.decode() == changed(
        ("stage: planned ", "stage: internal "), ("percent: 0\n  hold", "percent: 5\n  hold")
    )


def test_a_hold_is_written_on_one_line_and_its_comment_stays() -> None:
    result = set_entries(document(RUNBOOK), AT, {"hold": HOLD}).decode()
    written = (
        'hold: {by: "@acme/ops", reason: "errors: 5 of 100 # high", since: "2026-11-23T09:00:00Z", until: null}'
        "                        # {by, reason, since, until}; blocks every promotion\n"
    )
    assert result.endswith(written)


def test_a_hold_in_a_block_goes_away_with_its_lines() -> None:
    text = "rollout:\n  hold:   # ask\n    # why\n    by: x\n    reason: y  # z\n  stage: a\n"
    assert set_entries(document(text), AT, {"hold": None}) == b"rollout:\n  hold: null   # ask\n    # why\n  stage: a\n"


def test_a_missing_key_is_added_below_the_others() -> None:
    text = "rollout:\n    stage: a  # first\n    percent: 0  # second\n\n# next\nid: x\n"
    expected = "rollout:\n    stage: a  # first\n    percent: 0  # second\n    hold: null\n\n# next\nid: x\n"
    assert set_entries(document(text), AT, {"hold": None}) == expected.encode()


def test_an_added_key_has_the_line_end_of_the_file() -> None:
    result = set_entries(document("rollout:\r\n  stage: a\r\nid: x\r\n"), AT, {"hold": None})
    assert result == b"rollout:\r\n  stage: a\r\n  hold: null\r\nid: x\r\n"


def test_a_result_that_says_something_else_is_refused() -> None:
    # the blank line belongs to the text, and adding a key before it would take it away
    with pytest.raises(UsageError, match="would not hold the wanted values"):
        set_entries(document("rollout:\n  stage: |+\n    planned\n\n"), AT, {"hold": None})


@pytest.mark.parametrize(
    "reason",
    [
        'he said "no"',
        "a\nb",
        "a: {b} # c",
        "ü 😀 \u2028",
        "yes",
        "- x",
        "x" * 4000,
        "\\",
        "'",
        "${{ secrets }}",
        "\x07",
        "",
    ],
)
def test_an_untrusted_reason_stays_one_text(reason: str) -> None:
    for block in BLOCKS.values():
        result = set_entries(document(block), AT, {"hold": {"by": "x", "reason": reason}})
        assert document(result).data["rollout"]["hold"] == {"by": "x", "reason": reason}


@pytest.mark.parametrize(
    "text",
    [
        "rollout:\n  stage: &a planned\nb: *a\n",
        "b: &a x\nrollout: {stage: *a}\n",
        "b: &a {stage: x}\nrollout: *a\n",
        "rollout: &a {stage: x}\nb: *a\n",
        "b: &stage stage\nrollout: {*stage : x}\n",
    ],
)
def test_references_are_not_edited(text: str) -> None:
    with pytest.raises(UsageError, match="cannot be edited in place"):
        set_entries(document(text), AT, {"stage": "canary"})


@pytest.mark.parametrize("text", ["rollout: x\n", "rollout: [stage]\n", "other: {}\n", "rollout:\n"])
def test_what_is_no_mapping_is_not_edited(text: str) -> None:
    with pytest.raises(UsageError, match="rollout is not a mapping"):
        set_entries(document(text), AT, {"stage": "canary"})


@pytest.mark.parametrize("value", ["\ud800", float("inf"), float("nan")])
def test_what_yaml_cannot_hold_is_not_written(value: Any) -> None:
    with pytest.raises(UsageError, match="cannot be edited in place"):
        set_entries(document(RUNBOOK), AT, {"stage": value})


def test_deeper_blocks_can_be_edited_too() -> None:
    result = set_entries(document(RUNBOOK), ("stages", 1), {"percent": 10}).decode()
    assert result == changed(("    percent: 5\n", "    percent: 10\n"))


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        (1, True, False),
        (0, False, False),
        (5, 5.0, True),
        ("5", 5, False),
        (None, "", False),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, False),
        ([1, [2]], [1, [2]], True),
        ([1], [1, 2], False),
        ({"a": True}, {"a": 1}, False),
    ],
)
def test_values_are_compared_with_their_types(one: object, other: object, equal: bool) -> None:
    assert same(one, other) is equal
