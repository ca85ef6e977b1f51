"""Recorded output: a test compares with the file, and writes it when UPDATE_GOLDEN=1 (then read the difference)."""

from __future__ import annotations

import os
import re
from pathlib import Path

GOLDEN = Path(__file__).resolve().parents[1] / "golden"


def as_recorded(name: str, text: str) -> None:
    """Assert that the text is the one recorded in `tests/golden/<name>`, digests left out."""
    shown = re.sub(r"\b[0-9a-f]{64}\b", "<digest>", text)
    shown = re.sub(r"\boffline-[0-9a-f]{12}\b", "offline-<digest>", shown)
    shown = shown if shown.endswith("\n") else shown + "\n"
    file = GOLDEN / name
    if os.environ.get("UPDATE_GOLDEN"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(shown, encoding="utf-8")
    assert shown == file.read_text(encoding="utf-8")
