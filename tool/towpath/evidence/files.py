"""Result files in, evidence files out: the two places where evidence touches the disk."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from towpath.evidence.results import MAX_BYTES, ResultFile
from towpath.evidence.values import shortened
from towpath.model.errors import EvidenceRefused, UsageError


def result_file(path: Path, root: Path) -> ResultFile:
    """A file an evaluation tool wrote.

    Its name is relative to the repository where it lies inside, and the bare file name elsewhere: the evidence must
    not depend on whose machine it was imported on.

    Raises:
        UsageError: there is no such regular file.
        EvidenceRefused: it is too large.
    """
    shown, inside = path.absolute(), root.absolute()
    name = shown.relative_to(inside).as_posix() if shown.is_relative_to(inside) else shown.name
    if not path.is_file():
        raise UsageError(
            f"there is no file {shortened(str(path), 200)}", "run the evaluation first, or name its result file"
        )
    with path.open("rb") as stream:
        data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise EvidenceRefused(f"{name}: is larger than {MAX_BYTES:,} bytes", "split it, for example one file per task")
    return ResultFile(name=name, data=data)


def write_once(root: Path, path: str, data: bytes) -> bool:
    """Write a new evidence file, whole or not at all.

    Returns:
        Whether it was written; False when the same bytes are already there.
    """
    target = root / path
    if target.is_file() and target.read_bytes() == data:
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=".import-")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        # mkstemp makes files for the owner only; evidence is as readable as the rest of the repository
        Path(temporary).chmod(0o644)
        Path(temporary).replace(target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return True
