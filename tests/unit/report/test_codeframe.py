"""Code frames: the underline is below the place, whatever the text holds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from towpath.model.finding import Span
from towpath.report.codeframe import WIDEST, Mark, Paint, frame, visible

PLAIN = Paint(False)


def framed(source: str, *marks: Mark) -> list[str]:
    return frame(source, marks, PLAIN)


def main(line: int, column: int, end_line: int, end_column: int) -> Mark:
    return Mark(span=Span(line, column, end_line, end_column), main=True)


def test_the_place_is_underlined_with_the_line_before_it() -> None:
    assert framed("a: 1\nb: 2\nc: 3\n", main(2, 4, 2, 5)) == [
        "  |",
        "1 | a: 1",
        "2 | b: 2",
        "  |    ^",
    ]


def test_other_places_are_shown_with_their_labels() -> None:
    source = "\n".join(f"key{number}: {number}" for number in range(1, 13))
    other = Mark(span=Span(2, 1, 2, 5), label="first written here", style="blue")
    assert framed(source, main(12, 1, 12, 6), other) == [
        "   |",
        " 2 | key2: 2",
        "   | ---- first written here",
        "..",
        "11 | key11: 11",
        "12 | key12: 12",
        "   | ^^^^^",
    ]


def test_a_place_of_several_lines_is_underlined_to_the_end_of_its_first() -> None:
    assert framed("eval:\n  suite: x\n", main(1, 1, 2, 11))[-1] == "  | ^^^^^"


def test_an_empty_place_still_has_a_mark() -> None:
    assert framed("a: [", main(1, 5, 1, 5))[-1] == "  |     ^"
    assert framed("", main(1, 1, 1, 1)) == []
    assert framed("a\n", main(9, 1, 9, 2)) == []


def test_wide_and_combining_characters_keep_the_underline_in_place() -> None:
    assert framed("题: x", main(1, 4, 1, 5))[-1] == "  |     ^"
    assert framed("e\u0301: x", main(1, 5, 1, 6))[-1] == "  |    ^"


def test_a_long_line_is_cut_around_the_place() -> None:
    line = "x" * 500 + "HERE" + "y" * 500
    *_, text, under = framed(line, main(1, 501, 1, 505))
    assert len(text) < WIDEST + 12
    assert text[under.index("^") :].startswith("HERE")


def test_nothing_in_a_file_can_steer_the_terminal() -> None:
    source = "title: \x1b[2Jgone \u202etxet\x07 \u2028next"
    shown = "\n".join(framed(source, main(1, 8, 1, 12)))
    assert "\\x1b[2Jgone \\u202etxet\\x07 \\u2028next" in shown
    assert not {"\x1b", "\u202e", "\x07", "\u2028"} & set(shown)


@given(st.text(max_size=60), st.integers(1, 3), st.integers(1, 70), st.integers(0, 70))
def test_any_text_and_place_give_printable_lines(text: str, line: int, column: int, more: int) -> None:
    for row in framed(text, main(line, column, line, column + more)):
        assert row.isprintable() or any(letter.isspace() for letter in row)
        assert "\x1b" not in row
        assert "\n" not in row


@given(st.text(max_size=80))
def test_visible_text_is_one_line_without_control_characters(text: str) -> None:
    shown = visible(text)
    assert "\n" not in shown
    assert "\r" not in shown
    assert "\x1b" not in shown
    if text.isprintable():
        assert shown == text


def test_paint_is_only_for_terminals() -> None:
    assert Paint(False)("x", "red") == "x"
    assert Paint(True)("x", "red", "bold") == "\x1b[31;1mx\x1b[0m"
    assert Paint(True)("", "red") == ""
