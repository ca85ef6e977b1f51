"""What evidence is bound to: digests of exactly what was measured, and why evidence no longer fits its runbook.

Bound are the arms (model, revision, prompt and tool files by content, parameters), how the suite turns answers into
scores (adapter, fields, judge), and the tasks with metric and direction. Not bound is what changes nothing that was
measured: rollout, owners, titles, margins, prices, retirement dates, where the result file lies, which command made it.
Every digest is the SHA-256 of its parts as canonical JSON (RFC 8785); the parts are kept, so that a refusal can name
the one that changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from towpath.model.errors import EvidenceRefused
from towpath.model.evidence import Binding
from towpath.model.quantity import duration_text, parse_points

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from towpath.model.evidence import Source
    from towpath.model.runbook import Arm, Runbook, Suite
    from towpath.model.snapshot import Files

CLOCK_SKEW = timedelta(minutes=5)
"""How far two honest clocks may differ before a measurement counts as made in the future."""

_READABLE = 120
"""Parts longer than this are kept as their digest; shorter ones as text, which explains itself in a refusal."""


def arm_parts(name: str, arm: Arm, files: Files) -> dict[str, str]:
    """What one arm is made of.

    Args:
        name: `baseline` or `candidate`, for messages.
        arm: as the runbook declares it.
        files: the tree that holds the prompt and tool files.

    Raises:
        EvidenceRefused: a prompt or tool file is not in the tree, or a parameter cannot be written canonically.
    """
    parts = {"model": f"{arm.provider} {arm.model}"}
    if arm.revision:
        parts["revision"] = arm.revision
    for kind, paths in (("prompt", arm.prompts), ("tool", arm.tools)):
        for path in paths:
            content = files.read(path)
            if content is None:
                raise EvidenceRefused(
                    f"the {kind} file {path} of the {name} is not in the repository",
                    f"add the file, or correct arms.{name}.{kind}s in the runbook",
                )
            parts[f"{kind} {path}"] = hashlib.sha256(content).hexdigest()
        if len(paths) > 1:
            # the order of prompts is part of what the model sees
            parts[f"order of {kind}s"] = _text(list(paths))
    if arm.params:
        parts["params"] = _text(arm.params)
    return parts


def suite_parts(suite: Suite, files: Files) -> dict[str, str]:
    """What decides how answers become scores: adapter, fields, judge, and files that the judge names."""
    parts = {"adapter": suite.adapter}
    for field in ("id_from", "task_from", "score_from"):
        if value := getattr(suite, field):
            parts[field] = value
    if suite.judge:
        parts["judge"] = _text(suite.judge)
        for path in sorted(value for value in suite.judge.values() if isinstance(value, str)):
            if (content := files.read(path)) is not None:
                parts[f"judge file {path}"] = hashlib.sha256(content).hexdigest()
    return parts


def task_parts(runbook: Runbook) -> dict[str, str]:
    """Task ids with metric and direction, such as `refund: score higher`."""
    return {task.id: f"{task.metric} {task.better}" for task in runbook.tasks}


def margins_of(runbook: Runbook) -> dict[str, str]:
    """The margin of each load-bearing task that has one, as text."""
    return {task.id: str(task.margin) for task in runbook.tasks if task.load_bearing and task.margin is not None}


def digest_of_parts(parts: Mapping[str, str]) -> str:
    """SHA-256 in hexadecimal of the parts as canonical JSON."""
    return hashlib.sha256(_canonical(parts)).hexdigest()


def binding_for(
    runbook: Runbook,
    suite: Suite,
    files: Files,
    *,
    tool: str,
    tool_version: str,
    sources: Iterable[Source],
    labels: Mapping[str, str],
    measured_at: datetime,
    synthetic: bool = False,
    margins: Mapping[str, str] | None = None,
) -> Binding:
    """The binding of results measured for a runbook as it stands in `files`.

    Args:
        labels: what the tool's file called each arm.
        margins: margins at the first import of these results; the runbook's when this is the first.

    Raises:
        EvidenceRefused: an arm is missing, or its files are.
    """
    arms = {name: arm_parts(name, arm, files) for name, arm in _arms(runbook).items()}
    tasks, parts = task_parts(runbook), suite_parts(suite, files)
    return Binding(
        runbook=runbook.id,
        suite=suite.name,
        adapter=suite.adapter,
        tool=tool,
        tool_version=tool_version,
        sources=tuple(sorted(sources, key=lambda source: (source.path, source.sha256))),
        arms={name: digest_of_parts(made_of) for name, made_of in arms.items()},
        models={name: arm.model for name, arm in _arms(runbook).items()},
        suite_digest=digest_of_parts(parts),
        tasks_digest=digest_of_parts(tasks),
        margins=dict(margins_of(runbook) if margins is None else margins),
        measured_at=measured_at,
        synthetic=synthetic,
        labels=dict(labels),
        arm_parts=arms,
        suite_parts=parts,
        tasks=tasks,
    )


def why_refused(
    binding: Binding, runbook: Runbook, suite: Suite, files: Files, now: datetime, max_age: timedelta | None = None
) -> str | None:
    """Why this evidence may not be used for this runbook now; None when it may.

    Args:
        files: the tree that holds the prompt and tool files of the runbook.
        max_age: `max_evidence_age` of the stage that is judged; None means no limit.

    Returns:
        One sentence without a full stop, naming the first thing that does not fit, in the order: runbook, suite, arms,
        tasks, age.
    """
    if binding.runbook != runbook.id:
        return f"it belongs to runbook {binding.runbook}, not to {runbook.id}"
    if binding.suite != suite.name:
        return f"it belongs to suite {binding.suite}, not to {suite.name}"
    try:
        arms = {name: arm_parts(name, arm, files) for name, arm in _arms(runbook).items()}
        declared = suite_parts(suite, files)
    except EvidenceRefused as problem:
        return str(problem)
    for name, parts in arms.items():
        if binding.arms.get(name) != digest_of_parts(parts):
            return f"it measured another {name}: {_difference(binding.arm_parts.get(name, {}), parts)}"
    if binding.suite_digest != digest_of_parts(declared):
        return f"the suite {suite.name} was declared otherwise: {_difference(binding.suite_parts, declared)}"
    if binding.tasks_digest != digest_of_parts(task_parts(runbook)):
        return f"it measured other tasks: {_difference(binding.tasks, task_parts(runbook))}"
    if binding.measured_at > now + CLOCK_SKEW:
        return f"it says it was measured at {binding.measured_at:%Y-%m-%d %H:%M} UTC, which is in the future"
    if max_age is not None and now - binding.measured_at > max_age:
        age = age_text(now - binding.measured_at)
        return f"it was measured {age} ago, and max_evidence_age is {duration_text(max_age)}"
    return None


def age_text(age: timedelta) -> str:
    """An age in words, exact enough that it never equals a limit that it exceeds by an hour."""
    hours = age / timedelta(hours=1)
    return f"{hours / 24:.1f} days" if hours >= 48 else f"{hours:.1f} hours"


def loosened_margins(binding: Binding, runbook: Runbook) -> dict[str, tuple[str, str]]:
    """Margins that are wider now than when the results were first imported, or gone: task -> (then, now).

    An empty text as `now` means the task has no margin any more, or bears no load any more.
    """
    today = margins_of(runbook)
    return {
        task: (then, today.get(task, ""))
        for task, then in sorted(binding.margins.items())
        if task not in today or parse_points(today[task]) > parse_points(then)
    }


def _arms(runbook: Runbook) -> dict[str, Arm]:
    if runbook.baseline is None or runbook.candidate is None:
        missing = "baseline" if runbook.baseline is None else "candidate"
        raise EvidenceRefused(
            f"runbook {runbook.id} has no readable {missing}", f"declare arms.{missing} in {runbook.path}"
        )
    return {"baseline": runbook.baseline, "candidate": runbook.candidate}


def _difference(then: Mapping[str, str], now: Mapping[str, str]) -> str:
    """The parts that changed, in words; at most three are named."""
    changes = []
    for part in sorted({*then, *now}):
        if part not in now:
            changes.append(f"{part} is gone")
        elif part not in then:
            changes.append(f"{part} is new")
        elif then[part] != now[part]:
            both_readable = not (_is_digest(then[part]) or _is_digest(now[part]))
            changes.append(f"{part} was {then[part]}, is {now[part]}" if both_readable else f"{part} changed")
    if not changes:
        return "its digest is not that of the parts it lists"
    return ", ".join(changes[:3]) + (f" and {len(changes) - 3} more" if len(changes) > 3 else "")


def _is_digest(text: str) -> bool:
    return len(text) == 64 and not set(text) - set("0123456789abcdef")


def _text(value: object) -> str:
    """Canonical JSON of a value, or its digest where that would be unreadable."""
    written = _canonical(value)
    return written.decode() if len(written) <= _READABLE else hashlib.sha256(written).hexdigest()


def _canonical(value: object) -> bytes:
    import rfc8785

    try:
        return rfc8785.dumps(_plain(value))  # type: ignore[arg-type]
    except rfc8785.CanonicalizationError as problem:
        raise EvidenceRefused(
            f"a value cannot be written canonically: {problem}",
            "write very large numbers as text, and no NaN or infinity",
        ) from None


def _plain(value: object) -> object:
    """Mappings as dicts and tuples as lists, which is what JSON knows."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
