"""The normal form of evidence: one JSON Lines file, written in exactly one way.

The first line is the binding, every other line one sample, sorted; keys stand in a fixed order, what equals its default
is left out, and numbers are written as short as possible. So the same results give the same bytes, and reading accepts
nothing that writing would not give: a file edited by hand is refused. No prompts and no answers are in it.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING

from towpath.gate.line_fields import LineProblem
from towpath.gate.normal_lines import (
    binding_from,
    binding_line,
    check_binding,
    check_sample,
    sample_from,
    sample_line,
    sorting_key,
)
from towpath.model.errors import EvidenceRefused
from towpath.model.evidence import Evidence

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from towpath.model.evidence import Binding, Sample
    from towpath.model.snapshot import Files

MAX_BYTES = 20_000_000
"""Larger results do not belong into git history line by line."""

_SAFE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,119}")


def write_evidence(binding: Binding, samples: Iterable[Sample]) -> bytes:
    """The normal form of results.

    Raises:
        EvidenceRefused: there are no samples, one is malformed, two are the same measurement, an example has two
            tasks, or the file would be larger than `MAX_BYTES`.
    """
    ordered = sorted(samples, key=sorting_key)
    try:
        check_binding(binding)
        for sample in ordered:
            check_sample(sample, binding)
        _check_together(ordered)
        lines = [binding_line(binding), *(sample_line(sample) for sample in ordered)]
        data = "".join(f"{line}\n" for line in lines).encode("utf-8")
    except LineProblem as problem:
        raise EvidenceRefused(str(problem)) from None
    if len(data) > MAX_BYTES:
        raise EvidenceRefused(
            f"the evidence would take {len(data):,} bytes, and {MAX_BYTES:,} is the most that is committed",
            "import fewer repeats, or one task at a time as suites of their own",
        )
    return data


def read_evidence(data: bytes, path: str) -> Evidence:
    """The evidence in a normal-form file.

    Raises:
        EvidenceRefused: the bytes are not exactly what `write_evidence` gives; the message names file and line.
    """
    at = 1
    samples: list[Sample] = []
    try:
        lines = _lines(data)
        first = next(lines)
        binding = binding_from(_object(first))
        if binding_line(binding) != first:
            raise LineProblem("is not written in the normal form")
        for at, line in enumerate(lines, start=2):  # noqa: B007 - the message needs the last line reached
            sample = sample_from(_object(line))
            check_sample(sample, binding)
            if sample_line(sample) != line:
                raise LineProblem("is not written in the normal form")
            if samples and sorting_key(sample) <= sorting_key(samples[-1]):
                raise LineProblem("repeats a measurement or stands out of order")
            samples.append(sample)
        at = 0
        _check_together(samples)
    except LineProblem as problem:
        where = f"{path}:{at}" if at else path
        raise EvidenceRefused(
            f"{where}: {problem}", "evidence is never edited; import the results again: towpath evidence import"
        ) from None
    return Evidence(path=path, sha256=hashlib.sha256(data).hexdigest(), binding=binding, samples=tuple(samples))


def evidence_path(runbook_id: str, suite_name: str, data: bytes, folder: str = "evidence") -> str:
    """Where a normal-form file lies: named by its digest, so that nothing is ever overwritten by something else.

    Raises:
        EvidenceRefused: runbook id or suite name cannot be part of a path.
    """
    for name in (runbook_id, suite_name):
        if not _SAFE_NAME.fullmatch(name):
            raise EvidenceRefused(f"{name!r} cannot be part of a file name", "use letters, digits, dot, dash")
    return f"{folder}/{runbook_id}/{suite_name}-{hashlib.sha256(data).hexdigest()[:12]}.jsonl"


def evidence_paths(files: Files, runbook_id: str, folder: str = "evidence") -> tuple[str, ...]:
    """Every normal-form file of a runbook, sorted."""
    inside = f"{folder}/{runbook_id}/"
    return tuple(
        path for path in files.paths(inside[:-1]) if path.endswith(".jsonl") and "/" not in path.removeprefix(inside)
    )


def evidence_for(files: Files, runbook_id: str, suite_name: str, folder: str = "evidence") -> tuple[Evidence, ...]:
    """All evidence of one suite, the oldest measurement first.

    Raises:
        EvidenceRefused: a file of the runbook's evidence folder is not in the normal form, or not named by its digest.
    """
    found = []
    for path in evidence_paths(files, runbook_id, folder):
        evidence = read_evidence(files.read(path) or b"", path)
        if not path.endswith(f"-{evidence.sha256[:12]}.jsonl"):
            raise EvidenceRefused(
                f"{path}: its name does not end in its digest, {evidence.sha256[:12]}", "restore the file from git"
            )
        if evidence.binding.suite == suite_name:
            found.append(evidence)
    return tuple(sorted(found, key=lambda evidence: (evidence.binding.measured_at, evidence.path)))


def _lines(data: bytes) -> Iterator[str]:
    if not data:
        raise LineProblem("the file is empty")
    if len(data) > MAX_BYTES:
        raise LineProblem(f"the file is larger than {MAX_BYTES:,} bytes")
    if not data.endswith(b"\n"):
        raise LineProblem("the file is cut off: its last line has no end")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as problem:
        raise LineProblem(f"the file is not UTF-8 at byte {problem.start}") from None
    # not splitlines(): that would also split at characters which JSON allows inside a string
    return iter(text[:-1].split("\n"))


def _object(line: str) -> dict[str, object]:
    def refuse(constant: str) -> float:
        raise LineProblem(f"{constant} is not a number")

    try:
        value = json.loads(line, parse_constant=refuse)
    except (ValueError, RecursionError) as problem:
        raise LineProblem(f"is not JSON: {problem}") from None
    if not isinstance(value, dict):
        raise LineProblem("is not a JSON object")
    return value


def _check_together(ordered: list[Sample]) -> None:
    """What no single line can show: nothing measured twice, no example in two tasks, and anything at all."""
    if not ordered:
        raise LineProblem("there are no samples")
    task_of: dict[str, str] = {}
    for index, sample in enumerate(ordered):
        if index and sorting_key(ordered[index - 1]) == sorting_key(sample):
            raise LineProblem(
                f"example {sample.example!r} of task {sample.task} is there twice for the {sample.arm}"
                f" (metric {sample.metric}, repeat {sample.repeat})"
            )
        other = task_of.setdefault(sample.example, sample.task)
        if other != sample.task:
            raise LineProblem(f"example {sample.example!r} belongs to two tasks: {other} and {sample.task}")
