"""Reading result files, and writing evidence whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from towpath.evidence import files
from towpath.evidence.files import result_file, write_once
from towpath.model.errors import EvidenceRefused, UsageError


def test_names_do_not_depend_on_the_machine(tmp_path: Path) -> None:
    root, outside = tmp_path / "repository", tmp_path / "r.json"
    (root / "evals").mkdir(parents=True)
    outside.write_bytes(b"{}")
    (root / "evals" / "r.json").write_bytes(b"{}")
    assert result_file(root / "evals" / "r.json", root).name == "evals/r.json"
    assert result_file(outside, root).name == "r.json"


def test_what_is_missing_or_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match="there is no file"):
        result_file(tmp_path / "gone.json", tmp_path)
    with pytest.raises(UsageError, match="there is no file"):
        result_file(tmp_path, tmp_path)
    monkeypatch.setattr(files, "MAX_BYTES", 3)
    (tmp_path / "r.json").write_bytes(b"1234")
    with pytest.raises(EvidenceRefused, match="larger than 3 bytes"):
        result_file(tmp_path / "r.json", tmp_path)


def test_the_same_bytes_are_written_once(tmp_path: Path) -> None:
    assert write_once(tmp_path, "evidence/a/x.jsonl", b"1\n")
    target = tmp_path / "evidence" / "a" / "x.jsonl"
    before = target.stat()
    assert not write_once(tmp_path, "evidence/a/x.jsonl", b"1\n")
    assert target.stat().st_mtime_ns == before.st_mtime_ns
    assert target.stat().st_mode & 0o777 == 0o644


def test_nothing_half_written_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="no space"):
        write_once(tmp_path, "evidence/a/x.jsonl", b"1\n")
    assert list((tmp_path / "evidence" / "a").iterdir()) == []
