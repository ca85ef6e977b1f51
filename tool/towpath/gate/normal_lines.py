"""One line of the normal form: a sample or the binding, to text and back, and what a line must satisfy.

`schema/evidence.v1.json` describes the same lines for other programs; a test holds both together.
"""

from __future__ import annotations

import json
import math
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

from towpath.gate.binding import digest_of_parts
from towpath.gate.line_fields import Fields, LineProblem
from towpath.model.evidence import Binding, Sample, Source
from towpath.model.quantity import QuantityError, parse_points

if TYPE_CHECKING:
    from towpath.model.evidence import ArmName

FORMAT = "towpath/evidence/v1"
ARMS = ("baseline", "candidate")
LONGEST_ID = 200
_DIGEST = re.compile(r"[0-9a-f]{64}")
_ERROR = re.compile(r"[a-z][a-z0-9_]{0,39}")


def sorting_key(sample: Sample) -> tuple[str, str, str, int, str]:
    """What makes a measurement one: task, example, metric, repeat, arm; the order of the file."""
    return sample.task, sample.example, sample.metric, sample.repeat, sample.arm


def sample_line(sample: Sample) -> str:
    """The line of one sample; what equals its default is left out, except the score."""
    optional: dict[str, object] = {
        "metric": sample.metric if sample.metric != "score" else None,
        "repeat": sample.repeat or None,
        "error": sample.error or None,
        "cluster": sample.cluster or None,
        "latency_ms": _short(sample.latency_ms),
        "input_tokens": sample.input_tokens,
        "output_tokens": sample.output_tokens,
        "cached_tokens": sample.cached_tokens,
        "cost_usd": _short(sample.cost_usd),
        "refusal": sample.refusal,
        "tags": list(sample.tags) or None,
    }
    always = {"task": sample.task, "example": sample.example, "arm": sample.arm, "score": _short(sample.score)}
    return _json({**always, **{key: value for key, value in optional.items() if value is not None}})


def sample_from(data: dict[str, object]) -> Sample:
    """The sample of one line's data. Raises LineProblem: unknown or missing keys, wrong kinds of values."""
    fields = Fields(data)
    sample = Sample(
        task=fields.text("task"),
        example=fields.text("example"),
        arm=cast("ArmName", fields.text("arm")),
        score=fields.number("score", required=True),
        metric=fields.text("metric", "score"),
        repeat=fields.whole("repeat") or 0,
        error=fields.text("error", ""),
        cluster=fields.text("cluster", ""),
        latency_ms=fields.number("latency_ms"),
        input_tokens=fields.whole("input_tokens"),
        output_tokens=fields.whole("output_tokens"),
        cached_tokens=fields.whole("cached_tokens"),
        cost_usd=fields.number("cost_usd"),
        refusal=fields.truth("refusal"),
        tags=fields.texts("tags"),
    )
    fields.nothing_left()
    return sample


def check_sample(sample: Sample, binding: Binding) -> None:
    """What every sample satisfies, whoever made it.

    Raises:
        LineProblem: an id that is empty, long or unprintable; a task or metric that the binding does not name; a score
            outside 0 to 1; score and error both there, or neither; a negative or infinite amount.
    """
    name = f"example {sample.example[:LONGEST_ID]!r}"
    for what, text in (("example id", sample.example), ("cluster", sample.cluster), *(("tag", t) for t in sample.tags)):
        if len(text) > LONGEST_ID or not text.isprintable():
            raise LineProblem(f"{what} {text[:40]!r}... is long or unprintable; it must be an id, not a text")
    if not sample.example or "" in sample.tags:
        raise LineProblem("an example id or tag is empty")
    if sample.arm not in ARMS:
        raise LineProblem(f"{name}: arm is {sample.arm!r}, not baseline or candidate")
    if sample.task not in binding.tasks:
        raise LineProblem(f"{name}: task {sample.task!r} is not one of the runbook's")
    if sample.metric != binding.tasks[sample.task].partition(" ")[0]:
        raise LineProblem(f"{name}: metric {sample.metric!r} is not the one that task {sample.task} is judged by")
    if (sample.score is None) != bool(sample.error):
        raise LineProblem(f"{name}: there must be either a score or an error")
    if sample.error and not _ERROR.fullmatch(sample.error):
        raise LineProblem(f"{name}: {sample.error[:40]!r} is not a class of errors such as rate_limit")
    if sample.score is not None and not 0 <= sample.score <= 1:  # NaN is outside as well
        raise LineProblem(f"{name}: score {sample.score} is outside 0 to 1")
    for field in ("latency_ms", "input_tokens", "output_tokens", "cached_tokens", "cost_usd", "repeat"):
        amount = getattr(sample, field)
        if amount is not None and not 0 <= amount < math.inf:
            raise LineProblem(f"{name}: {field} is {amount}")


def binding_line(binding: Binding) -> str:
    """The first line of a file."""
    return _json(
        {
            "format": FORMAT,
            "runbook": binding.runbook,
            "suite": binding.suite,
            "adapter": binding.adapter,
            "tool": binding.tool,
            "tool_version": binding.tool_version,
            "measured_at": binding.measured_at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
            "synthetic": binding.synthetic,
            "sources": [{"path": item.path, "sha256": item.sha256, "size": item.size} for item in binding.sources],
            "models": _ordered(binding.models),
            "labels": _ordered(binding.labels),
            "arms": _ordered(binding.arms),
            "suite_digest": binding.suite_digest,
            "tasks_digest": binding.tasks_digest,
            "margins": _ordered(binding.margins),
            "arm_parts": {arm: _ordered(parts) for arm, parts in sorted(binding.arm_parts.items())},
            "suite_parts": _ordered(binding.suite_parts),
            "tasks": _ordered(binding.tasks),
        }
    )


def binding_from(data: dict[str, object]) -> Binding:
    """The binding of the first line's data.

    Raises:
        LineProblem: another format, unknown or missing keys, wrong kinds of values, or a digest that is not that of
            the parts it lists.
    """
    fields = Fields(data)
    if (said := fields.text("format", "")) != FORMAT:
        raise LineProblem(f"is not evidence of the format {FORMAT} but {said[:40]!r}")
    binding = Binding(
        runbook=fields.text("runbook"),
        suite=fields.text("suite"),
        adapter=fields.text("adapter"),
        tool=fields.text("tool"),
        tool_version=fields.text("tool_version"),
        measured_at=_moment(fields.text("measured_at")),
        synthetic=fields.truth("synthetic") is True,
        sources=tuple(_source(item) for item in fields.inners("sources")),
        models=fields.mapping("models"),
        labels=fields.mapping("labels"),
        arms=fields.mapping("arms"),
        suite_digest=fields.text("suite_digest"),
        tasks_digest=fields.text("tasks_digest"),
        margins=fields.mapping("margins"),
        arm_parts={arm: Fields({arm: parts}).mapping(arm) for arm, parts in fields.inner("arm_parts").items()},
        suite_parts=fields.mapping("suite_parts"),
        tasks=fields.mapping("tasks"),
    )
    fields.nothing_left()
    check_binding(binding)
    return binding


def check_binding(binding: Binding) -> None:
    """What every binding satisfies, whoever made it.

    Raises:
        LineProblem: an arm is missing, a digest is not that of the parts it lists, a margin is no margin, or a text is
            unprintable.
    """
    said = (binding.tool, binding.tool_version, *binding.labels.values(), *(item.path for item in binding.sources))
    if unprintable := [text for text in said if not text.isprintable() or len(text) > 500]:
        raise LineProblem(f"a name is long or unprintable: {unprintable[0][:40]!r}")
    for what in (binding.arms, binding.models, binding.labels, binding.arm_parts):
        if tuple(sorted(what)) != ARMS:
            raise LineProblem("does not speak of exactly the arms baseline and candidate")
    parts = {**binding.arm_parts, "suite": binding.suite_parts, "tasks": binding.tasks}
    digests = {**binding.arms, "suite": binding.suite_digest, "tasks": binding.tasks_digest}
    for name, made_of in parts.items():
        if digest_of_parts(made_of) != digests[name]:
            raise LineProblem(f"the digest of {name} is not that of the parts it lists")
    if not binding.sources:
        raise LineProblem("names no source file")
    try:
        for margin in binding.margins.values():
            parse_points(margin)
    except QuantityError as problem:
        raise LineProblem(str(problem)) from None


def _source(data: dict[str, object]) -> Source:
    fields = Fields(data)
    source = Source(path=fields.text("path"), sha256=fields.text("sha256"), size=fields.whole("size") or 0)
    fields.nothing_left()
    if not _DIGEST.fullmatch(source.sha256):
        raise LineProblem(f"{source.sha256[:70]!r} is not a sha256 in hexadecimal")
    return source


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise LineProblem(f"{text[:40]!r} is no time") from None
    if moment.tzinfo is None:
        raise LineProblem(f"{text!r} has no time zone")
    return moment.astimezone(UTC)


def _short(value: float | None) -> float | int | None:
    """A whole number without its `.0`; negative zero as zero."""
    return int(value) if value is not None and math.isfinite(value) and value == int(value) else value


def _ordered(mapping: dict[str, str]) -> dict[str, str]:
    return dict(sorted(mapping.items()))


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
