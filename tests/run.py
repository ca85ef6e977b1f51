"""Runs one suite of tests and says how much of its time budget it used: `python -m tests.run unit`.

The budgets hold on two cores, after set-up. Over budget fails: a suite that takes too long is not run often.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

BUDGETS = {"unit": 180, "check": 120, "integration": 45 * 60}
"""Seconds each suite may take."""

ROOT = Path(__file__).resolve().parent.parent


def run(suite: str, extra: list[str]) -> int:
    """Run `tests/<suite>` with pytest on every core; returns the exit code."""
    # integration tests time out on their own and share ports and browsers; two workers are enough for them
    workers = "auto" if suite == "unit" else "2"
    command = [sys.executable, "-m", "pytest", f"tests/{suite}", "-q", "-n", workers, "--dist", "worksteal", *extra]
    if suite == "check":
        command = [sys.executable, "-m", "pytest", "tests/check", "-q", *extra]
    started = time.monotonic()
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    code = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
    seconds = time.monotonic() - started
    budget = BUDGETS[suite]
    print(f"{suite}: {seconds:.0f} s of {budget} s")
    if code == 0 and seconds > budget:
        print(f"{suite}: over its budget", file=sys.stderr)
        return 1
    return code


if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] not in BUDGETS:
        sys.exit(f"usage: python -m tests.run {'|'.join(BUDGETS)} [pytest arguments]")
    sys.exit(run(sys.argv[1], sys.argv[2:]))
