"""Runbooks are found by id or path, and nothing broken is handed out to act on."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.documents import PATH, RUNBOOK, changed, cut, loaded
from towpath.document.loading import find_runbook, load_all, load_runbook
from towpath.model.errors import UsageError
from towpath.model.snapshot import MappedFiles, Settings, Snapshot

ID = "support-triage-2026-11"


def snapshot(**files: str) -> Snapshot:
    """A repository with these files, named by their stems, in the runbook folder."""
    contents = {f"runbooks/{name.replace('__', '/')}.yaml": text.encode() for name, text in files.items()}
    return Snapshot(files=MappedFiles(contents), now=datetime(2026, 11, 23, 12, tzinfo=UTC))


def other(runbook_id: str, text: str = RUNBOOK) -> str:
    """The complete runbook under another id."""
    return changed((f"id: {ID}", f"id: {runbook_id}"), text=text)


def test_a_clean_file_gives_a_runbook_without_findings() -> None:
    read = loaded(RUNBOOK)
    assert read.findings == ()
    assert read.runbook is not None
    assert read.runbook.path == PATH
    assert read.text == RUNBOOK.encode()


def test_parser_and_schema_findings_come_together_in_order() -> None:
    text = changed(
        ("reason: upgrade", "reason: upgrad"), ("bake: 48h", "bake: !!str 48h"), ("percent: 5\n", "percnt: 5\n")
    )
    read = loaded(text)
    assert [(finding.rule, cut(text, finding.span)) for finding in read.findings] == [
        ("wrong-value", "upgrad"),
        ("yaml-tag", "!!str 48h"),
        ("unknown-key", "percnt"),
    ]
    assert read.runbook is not None
    assert read.runbook.malformed == {("reason",), ("stages", 0, "bake"), ("stages", 1, "percnt")}


def test_a_file_that_is_not_there() -> None:
    with pytest.raises(UsageError, match=r"no file runbooks/x\.yaml"):
        load_runbook(MappedFiles({}), "runbooks/x.yaml")


def test_every_runbook_is_loaded_in_order_of_path() -> None:
    files = MappedFiles(
        {
            "runbooks/b.yaml": RUNBOOK.encode(),
            "runbooks/a.yml": b"- broken",
            "runbooks/team/c.YAML": b"id: [",
            "runbooks/README.md": b"x",
            "runbooks-old/d.yaml": b"x",
            "e.yaml": b"x",
        }
    )
    found = load_all(Snapshot(files=files, now=datetime(2026, 11, 23, tzinfo=UTC)))
    assert [read.path for read in found] == ["runbooks/a.yml", "runbooks/b.yaml", "runbooks/team/c.YAML"]
    assert [bool(read.findings) for read in found] == [True, False, True]


def test_the_runbook_folder_is_a_setting() -> None:
    files = MappedFiles({"migrations/a.yaml": RUNBOOK.encode(), "runbooks/b.yaml": b"x"})
    place = Snapshot(files=files, now=datetime(2026, 11, 23, tzinfo=UTC), settings=Settings(runbooks="migrations"))
    assert [read.path for read in load_all(place)] == ["migrations/a.yaml"]
    assert find_runbook(place, ID).path == "migrations/a.yaml"


@pytest.mark.parametrize("name", ["second", "runbooks/b.yaml", "./runbooks/b.yaml"])
def test_a_runbook_is_found_by_id_and_by_path(name: str) -> None:
    found = find_runbook(snapshot(a=RUNBOOK, b=other("second")), name)
    assert found.path == "runbooks/b.yaml"
    assert found.runbook is not None
    assert found.runbook.id == "second"


def test_an_id_that_is_part_of_another_file_is_not_confused() -> None:
    text = changed(("title: Support", "title: second Support"))
    assert find_runbook(snapshot(a=text, b=other("second")), "second").path == "runbooks/b.yaml"


def test_an_id_written_with_escapes_is_found() -> None:
    text = changed((f"id: {ID}", 'id: "\\x73econd"'))
    assert find_runbook(snapshot(a=RUNBOOK, b=text), "second").path == "runbooks/b.yaml"
    with pytest.raises(UsageError, match=r"stands in runbooks/b\.yaml and runbooks/c\.yaml"):
        find_runbook(snapshot(a=RUNBOOK, b=text, c=other("second")), "second")


def test_an_id_in_two_files_is_ambiguous_even_when_one_is_broken() -> None:
    for text in (RUNBOOK, changed(("reason: upgrade", "reason: x"))):
        with pytest.raises(UsageError, match=r"stands in runbooks/a\.yaml and runbooks/b\.yaml") as caught:
            find_runbook(snapshot(a=RUNBOOK, b=text), ID)
        assert "path" in caught.value.hint
    assert find_runbook(snapshot(a=RUNBOOK, b=RUNBOOK), "runbooks/a.yaml").path == "runbooks/a.yaml"


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("secnd", "did you mean second?"),
        ("zebra", f"there are: second, {ID}"),
        ("runbooks/bb.yaml", "did you mean runbooks/b.yaml?"),
        ("../other/b.yaml", ""),
        ("", "there are"),
    ],
)
def test_an_unknown_runbook_gets_a_suggestion(name: str, hint: str) -> None:
    with pytest.raises(UsageError, match="there is no runbook") as caught:
        find_runbook(snapshot(a=RUNBOOK, b=other("second")), name)
    assert hint in caught.value.hint


def test_an_empty_repository_says_how_to_begin() -> None:
    with pytest.raises(UsageError) as caught:
        find_runbook(snapshot(), "x")
    assert "towpath new" in caught.value.hint


@pytest.mark.parametrize("name", [ID, "runbooks/a.yaml"])
@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("bake: 48h", "bake: 48", "stages.internal.bake has no unit"),
        ("  smalltalk: {load_bearing: false}", "  smalltalk: {}\n  smalltalk: {}", "stands twice"),
        ("    price: {input: 0.12", "    price: !x {input: 0.12", "the tag !x"),
    ],
)
def test_a_runbook_with_errors_is_not_handed_out(name: str, old: str, new: str, message: str) -> None:
    with pytest.raises(UsageError, match=message) as caught:
        find_runbook(snapshot(a=changed((old, new))), name)
    assert str(caught.value).startswith("runbooks/a.yaml:")
    assert caught.value.hint == "see everything with: towpath lint runbooks/a.yaml"


def test_a_second_document_is_not_handed_out() -> None:
    with pytest.raises(UsageError, match="a second document"):
        find_runbook(snapshot(a=f"{RUNBOOK}---\nid: x\n"), ID)


def test_a_file_too_broken_for_an_id_is_found_by_its_name() -> None:
    with pytest.raises(UsageError, match=r"^runbooks/second\.yaml:1:6: "):
        find_runbook(snapshot(a=RUNBOOK, second="id: a: b"), "second")


def test_more_errors_are_counted() -> None:
    text = changed(("bake: 48h", "bake: 48"), ("bake: 72h", "bake: 72"), ("bake: 7d", "bake: 7"))
    with pytest.raises(UsageError, match=r"\(and 2 more\)"):
        find_runbook(snapshot(a=text), ID)


@given(st.integers(0, len(RUNBOOK)), st.integers(0, 30), st.text("{}[]:-#&*!|>'\"\n a1%", max_size=3))
def test_a_damaged_runbook_is_read_or_refused_but_never_fatal(start: int, length: int, put: str) -> None:
    text = RUNBOOK[:start] + put + RUNBOOK[start + length :]
    read = loaded(text)
    assert read.findings or (read.document is not None and read.runbook is not None)
    for finding in read.findings:
        cut(text, finding.span)
