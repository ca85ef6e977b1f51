"""The chain of records: complete, in order, each naming the one before."""

from __future__ import annotations

from dataclasses import replace

from support.records import RECORD
from towpath.model.snapshot import MappedFiles, Settings
from towpath.record.chain import chain_of
from towpath.record.digests import digest_of
from towpath.record.statement import write_record


def written(count: int) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    previous = ""
    for seq in range(1, count + 1):
        data = write_record(replace(RECORD, seq=seq, prev=previous))
        files[f"records/triage/{seq:06d}.json"] = data
        previous = digest_of(data).sha256
    return files


def broken(files: dict[str, bytes]) -> tuple[str, ...]:
    return chain_of(MappedFiles(files), Settings(), "triage").broken


def test_no_records_is_an_empty_chain() -> None:
    chain = chain_of(MappedFiles({}), Settings(), "triage")
    assert (chain.next_seq, chain.tip, chain.last, chain.broken) == (1, "", None, ())


def test_whole_chain() -> None:
    files = written(3)
    chain = chain_of(MappedFiles(files), Settings(), "triage")
    assert chain.broken == ()
    assert chain.next_seq == 4
    assert chain.tip == digest_of(files["records/triage/000003.json"]).sha256
    assert [record.seq for record in chain.records] == [1, 2, 3]


def test_a_record_taken_out_is_seen() -> None:
    files = written(3)
    del files["records/triage/000002.json"]
    assert any("000002.json is missing" in message for message in broken(files))
    assert any("does not follow" in message for message in broken(files))


def test_a_changed_record_breaks_the_next() -> None:
    files = written(3)
    files["records/triage/000002.json"] = write_record(
        replace(RECORD, seq=2, prev=digest_of(files["records/triage/000001.json"]).sha256, reason="other")
    )
    assert broken(files) == ("records/triage/000003.json does not follow the record before it",)


def test_an_old_record_replayed_is_seen() -> None:
    files = written(2)
    files["records/triage/000003.json"] = files["records/triage/000001.json"]
    assert any("says it is number 1" in message for message in broken(files))


def test_a_record_of_another_runbook_is_seen() -> None:
    data = write_record(replace(RECORD, runbook="other"))
    assert broken({"records/triage/000001.json": data}) == ("records/triage/000001.json is a record of other",)


def test_unreadable_and_strange_files_are_named() -> None:
    files = {"records/triage/000001.json": b"{}", "records/triage/notes.txt": b"hello"}
    messages = broken(files)
    assert any("000001.json" in message for message in messages)
    assert any("notes.txt" in message for message in messages)
