"""YAML text is read as 1.2, every problem has its place, and no text brings the parser down."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from support.documents import PATH, RUNBOOK, changed, cut, document, places, plain_data
from towpath.document.parse import MAX_BYTES, MAX_DEPTH, MAX_VALUES, YAML_RULES, parse


def ruamel(text: str) -> Any:
    return YAML(typ="safe", pure=True).load(text)


def test_a_complete_runbook_has_no_findings() -> None:
    assert document(RUNBOOK).data["rollout"] == {"stage": "planned", "percent": 0, "hold": None}


def test_words_of_yaml_1_1_are_texts() -> None:
    read = document("on: off\nyes: 12:30\ncount: 0o10\nten: 012\nbig: 1_000\nday: 2026-11-23\n")
    assert read.data == {"on": "off", "yes": "12:30", "count": 8, "ten": 12, "big": "1_000", "day": "2026-11-23"}


@given(plain_data(), st.sampled_from([None, True, False]))
def test_agrees_with_another_reader_of_yaml_1_2(data: Any, flow: bool | None) -> None:
    text = yaml.safe_dump(data, default_flow_style=flow, allow_unicode=False, sort_keys=False)
    read, findings = parse(text.encode(), PATH)
    if findings:
        # PyYAML writes some texts plain that are keys of another kind in YAML 1.2, such as 0o10
        assert {finding.rule for finding in findings} <= {"yaml-key", "yaml-limit"}
        return
    assert read is not None
    assert read.data == ruamel(text)


@given(plain_data())
def test_what_is_written_with_quotes_comes_back(data: Any) -> None:
    text = yaml.safe_dump(data, default_style='"', allow_unicode=False, sort_keys=False)
    if "!!" not in text:
        assert document(text).data == data


@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_any_bytes_give_a_document_or_a_finding(text: bytes) -> None:
    read, findings = parse(text, PATH)
    assert read is not None or findings
    assert {finding.rule for finding in findings} <= set(YAML_RULES)


@given(st.text("[]{}:,-?&*!|>'\"#%@a1 \n\t", max_size=40))
def test_any_punctuation_gives_a_document_or_findings_inside_the_text(text: str) -> None:
    read, findings = parse(text.encode(), PATH)
    assert read is not None or findings
    for finding in findings:
        cut(text, finding.span)
        for place in finding.related:
            cut(text, place.span)


def test_a_duplicate_key_shows_both_places_and_keeps_the_first_value() -> None:
    text = "tasks:\n  refunds: {margin: 3pp}\n  other: {}\n  refunds: {margin: 9pp}\n"
    read, findings = parse(text.encode(), PATH)
    assert places(text, findings) == [("yaml-duplicate-key", "refunds")]
    assert findings[0].span.line == 4
    assert [(place.span.line, place.label) for place in findings[0].related] == [(2, "first written here")]
    assert read is not None
    assert read.data["tasks"]["refunds"] == {"margin": "3pp"}


def test_equal_keys_written_differently_are_duplicates() -> None:
    _, findings = parse(b"a: 1\n\"a\": 2\n'a': 3\n", PATH)
    assert [(finding.rule, finding.span.line) for finding in findings] == [
        ("yaml-duplicate-key", 2),
        ("yaml-duplicate-key", 3),
    ]


@pytest.mark.parametrize("second", ["---\nid: b\n", "---\n", "...\n---\nid: b", "--- # nothing\n"])
def test_a_second_document_is_found(second: str) -> None:
    text = f"id: a\n{second}"
    _, findings = parse(text.encode(), PATH)
    assert places(text, findings) == [("yaml-several-documents", "-")]
    assert findings[0].span.line == text[: text.index("---")].count("\n") + 1


@pytest.mark.parametrize("text", ["---\nid: a\n", "id: a\n...\n", "%YAML 1.2\n---\nid: a\n"])
def test_one_document_may_say_where_it_begins_and_ends(text: str) -> None:
    assert document(text).data == {"id": "a"}


@pytest.mark.parametrize(
    ("text", "covered"),
    [
        ("a: !!str 5\n", "!!str 5"),
        ("a: !secret x\n", "!secret x"),
        ("a: ! 5\n", "! 5"),
        ("a: &x ! 5\n", "&x ! 5"),
        ("!!str a: 5\n", "!!str a"),
        ("a: !!binary aGk=\n", "!!binary aGk="),
        ("a: !!python/object/apply:os.system [x]\n", "!!python/object/apply:os.system [x]"),
    ],
)
def test_tags_are_refused_where_they_stand(text: str, covered: str) -> None:
    assert places(text, parse(text.encode(), PATH)[1]) == [("yaml-tag", covered)]


@pytest.mark.parametrize("text", ['a: "!x"\n', "a: x!\n", "# !x\na: 1\n", "a: ! x\n".replace("! ", "y! ")])
def test_an_exclamation_mark_in_a_text_is_no_tag(text: str) -> None:
    assert parse(text.encode(), PATH)[1] == ()


@pytest.mark.parametrize(
    ("text", "covered"),
    [
        ("5: a\n", "5"),
        ("true: a\n", "true"),
        ("~: a\n", "~"),
        ("1.5: a\n", "1.5"),
        (".inf: a\n", ".inf"),
        ("<<: {a: 1}\n", "<<"),
        ("? [a]\n: b\n", "[a]"),
        ("? {a: 1}\n: b\n", "{a: 1}"),
    ],
)
def test_keys_that_are_no_texts_are_refused(text: str, covered: str) -> None:
    assert places(text, parse(text.encode(), PATH)[1]) == [("yaml-key", covered)]


def test_keys_in_quotes_are_texts() -> None:
    assert document('"5": a\n"true": b\n"<<": c\n').data == {"5": "a", "true": "b", "<<": "c"}


@pytest.mark.parametrize("number", [".inf", "-.inf", ".nan", "1e999", "1234567890123456", "0x1fffffffffffffff"])
def test_numbers_that_other_programs_cannot_hold_are_refused(number: str) -> None:
    text = f"a: {number}\n"
    assert places(text, parse(text.encode(), PATH)[1]) == [("yaml-limit", number)]


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? ", "-\t", "- ? "])
@pytest.mark.parametrize("count", [MAX_DEPTH + 1, 1_000, 100_000])
def test_deep_nesting_is_refused_and_not_fatal(opening: str, count: int) -> None:
    _, findings = parse((opening * count).encode(), PATH)
    assert {finding.rule for finding in findings} <= {"yaml-limit", "yaml-syntax"}
    assert findings


def test_deep_indentation_is_refused() -> None:
    text = "".join(f"{' ' * depth}a:\n" for depth in range(500))
    assert [finding.rule for finding in parse(text.encode(), PATH)[1]] == ["yaml-limit"]


def test_the_deepest_nesting_allowed_is_read() -> None:
    assert parse(("[" * (MAX_DEPTH - 1) + "1" + "]" * (MAX_DEPTH - 1)).encode(), PATH)[1] == ()
    assert [finding.rule for finding in parse(("[" * MAX_DEPTH + "1" + "]" * MAX_DEPTH).encode(), PATH)[1]] == [
        "yaml-limit"
    ]


def test_many_brackets_side_by_side_are_not_deep() -> None:
    text = "".join(f"- [{{a: {number}}}]\n" for number in range(300))
    assert len(document(text).data) == 300


def test_an_alias_is_read_as_what_it_names() -> None:
    assert document("a: &x {b: 1}\nc: *x\n").data == {"a": {"b": 1}, "c": {"b": 1}}


def test_an_alias_bomb_is_refused() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{step}: &a{step} [{', '.join([f'*a{step - 1}'] * 9)}]" for step in range(1, 9)]
    read, findings = parse("\n".join(lines).encode(), PATH)
    assert read is None
    assert [finding.rule for finding in findings] == ["yaml-limit"]
    assert f"{MAX_VALUES:,}" in findings[0].message


@pytest.mark.parametrize("text", ["&a [*a]", "a: &a {b: *a}", "a: &a\n  - b: [*a]\n"])
def test_an_alias_that_contains_itself_is_refused(text: str) -> None:
    read, findings = parse(text.encode(), PATH)
    assert read is None
    assert [finding.rule for finding in findings] == ["yaml-limit"]


def test_a_huge_file_is_refused() -> None:
    read, findings = parse(b"#" * (MAX_BYTES + 1), PATH)
    assert read is None
    assert [finding.rule for finding in findings] == ["yaml-limit"]


@pytest.mark.parametrize(
    ("text", "column"),
    [
        (b"a: \xff", 4),
        ("a: é\u2028b".encode(), 5),
        (b"a: b\x00", 5),
        (b"a: b\x07", 5),
        ("a: \x85".encode(), 4),
        ("a: \u202eb".encode(), 4),
        (b"a: b\rc: d\n", 5),
        ("a: 1".encode("utf-16"), 1),
        ("é: \ufeff".encode(), 4),
    ],
)
def test_hidden_characters_are_refused_where_they_stand(text: bytes, column: int) -> None:
    read, findings = parse(text, PATH)
    assert read is None
    assert [(finding.rule, finding.span.line, finding.span.column) for finding in findings] == [
        ("yaml-encoding", 1, column)
    ]


def test_a_byte_order_mark_and_windows_line_ends_are_read() -> None:
    text = b"\xef\xbb\xbf" + RUNBOOK.replace("\n", "\r\n").encode()
    assert document(text).data == document(RUNBOOK).data


@pytest.mark.parametrize("text", ["", "\n", "# later\n", "---\n", "--- # later\n", "\ufeff"])
def test_a_file_without_content_is_empty(text: str) -> None:
    read, findings = parse(text.encode(), PATH)
    assert read is None
    assert [finding.rule for finding in findings] == ["yaml-empty"]


@pytest.mark.parametrize(
    ("text", "line", "column", "help_part"),
    [
        ("a: b: c\n", 1, 5, "quotes"),
        ("a:\n\t- b\n", 2, 1, "spaces"),
        ("a: [1, 2\nb: 3\n", 2, 2, ""),
        ("a: 'x\n", 2, 1, "not closed"),
        ('a: "\\q"\n', 1, 5, "backslash"),
        ("a: *x\n", 1, 4, "quotes"),
        ("a: @x\n", 1, 4, "quotes"),
        ("a: 1\n b: 2\n", 2, 3, "indentation"),
        ("a: 1\n]\n", 2, 1, "indentation"),
        ("%YAML 1.3\n---\na: 1\n", 1, 1, "%YAML"),
    ],
)
def test_syntax_errors_say_where_and_what_helps(text: str, line: int, column: int, help_part: str) -> None:
    read, findings = parse(text.encode(), PATH)
    assert read is None
    assert [(finding.rule, finding.span.line, finding.span.column) for finding in findings] == [
        ("yaml-syntax", line, column)
    ]
    assert help_part in findings[0].help


def test_all_refusals_of_a_file_come_in_one_run() -> None:
    text = changed(("salt: support-triage-2026-11", "salt: !!str 5, salt: x"), ("  smalltalk:", "  2026:"))
    _, findings = parse(text.encode(), PATH)
    assert places(text, findings) == [("yaml-tag", "!!str 5"), ("yaml-duplicate-key", "salt"), ("yaml-key", "2026")]


def test_messages_hold_untrusted_text_on_one_short_line() -> None:
    _, findings = parse(f'"a\\n{"x" * 500}": 1\n"a\\n{"x" * 500}": 2\n'.encode(), PATH)
    assert len(findings) == 1
    assert "\n" not in findings[0].message
    assert len(findings[0].message) < 120
