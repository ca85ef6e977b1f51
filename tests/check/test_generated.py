"""Generated documentation is what its sources say."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from typing import Any

from towpath.document.parse import parse

ROOT = Path(__file__).resolve().parents[2]


def generator() -> Any:
    """The generator, which is a program and no part of the package."""
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_generated_pages_are_up_to_date() -> None:
    command = [sys.executable, "-m", "docs.generate", "--check"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_changed_and_a_forgotten_page_are_seen(tmp_path: Path) -> None:
    generate = generator()
    wanted = {"rules/a.md": "one\n", "cli/b.md": "two\n"}
    assert generate.write(tmp_path, wanted) == ["cli/b.md", "rules/a.md"]
    assert generate.stale(tmp_path, wanted) == []
    (tmp_path / "rules" / "a.md").write_text("changed\n", encoding="utf-8")
    (tmp_path / "cli" / "old.md").write_text("left over\n", encoding="utf-8")
    assert generate.stale(tmp_path, wanted) == ["cli/old.md", "rules/a.md"]
    generate.write(tmp_path, wanted)
    assert generate.stale(tmp_path, wanted) == []


def test_defaults_are_written_so_that_they_are_read_back() -> None:
    generate = generator()
    value = {
        "a": "48h",
        "b": "5pp",
        "c": ["x", "1.5", "true", "null"],
        "d": 3,
        "e": 1.5,
        "f": True,
        "g": "a: b",
        "h": "",
    }
    document, findings = parse(f"x: {generate.as_yaml(value)}\n".encode(), "x.yaml")
    assert not findings
    assert document
    assert document.data == {"x": value}
