"""Workflow commands: on the right line, and nothing in a message can begin another command."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from support.found import ALL, ERROR
from towpath.report.github_annotations import render_annotations


def test_one_command_each() -> None:
    error, warning, note = render_annotations(ALL, prefix="sub/")
    place = "file=sub/runbooks/a.yaml,line=4,endLine=4,col=15,endColumn=21,title=towpath stage-sections"
    assert error == f"::error {place}::the watch task refnds is no task%0Adid you mean refunds?"
    place = "file=sub/runbooks/a.yaml,line=1,endLine=1,col=1,endColumn=1,title=towpath unknown-key"
    assert warning == f"::warning {place}::100 %25 odd: a, b"
    assert note == "::notice file=sub/runbooks/ü b.yaml,line=1,endLine=3,title=towpath runbook-deleted::two%0Alines"


@given(st.text(max_size=40), st.text(max_size=40))
def test_untrusted_text_stays_inside_its_command(message: str, path: str) -> None:
    (line,) = render_annotations([replace(ERROR, message=message, path=path, help="")])
    assert "\n" not in line
    assert "\r" not in line
    head, _, body = line.removeprefix("::").partition("::")
    names = [part.partition("=")[0] for part in head.removeprefix("error ").split(",")]
    assert names == ["file", "line", "endLine", "col", "endColumn", "title"]
    assert unescaped(body) == message
    assert unescaped(head.removeprefix("error file=").split(",")[0]) == path


def unescaped(text: str) -> str:
    for code, letter in (("%3A", ":"), ("%2C", ","), ("%0D", "\r"), ("%0A", "\n"), ("%25", "%")):
        text = text.replace(code, letter)
    return text
