"""Result files -> one piece of evidence in normal form, as a value. Nothing is written here.

The steps, in order:

1. every file is recognised as the adapter the suite declares, and read;
2. each model of the files is matched to an arm;
3. answers become samples, and the whole is checked;
4. the binding says what was measured, with the margins of the first import of these results;
5. the normal form is made, which is named by its digest.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from towpath.document.suggest import did_you_mean
from towpath.evidence.adapters import ADAPTERS
from towpath.evidence.arms import arms_of_models
from towpath.evidence.collecting import collect
from towpath.evidence.results import Options
from towpath.gate.binding import CLOCK_SKEW, binding_for, margins_of
from towpath.gate.normal_form import evidence_path, evidence_paths, read_evidence, write_evidence
from towpath.model.errors import EvidenceRefused, UsageError
from towpath.model.quantity import parse_points

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from towpath.evidence.collecting import Collected
    from towpath.evidence.results import Adapter, ResultFile, Samples
    from towpath.model.evidence import ArmName, Binding, Source
    from towpath.model.runbook import Runbook, Suite
    from towpath.model.snapshot import Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What the user says at import beyond the runbook.

    Attributes:
        adapter: must be the suite's when given.
        arms: what the files call each arm, where that is not its model id.
        left_out: models of the files to ignore.
        measured_at: for files that do not say it themselves.
    """

    adapter: str = ""
    arms: Mapping[ArmName, str] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    measured_at: datetime | None = None
    synthetic: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """Evidence ready to be written.

    Attributes:
        path: where it belongs in the repository.
        data: its bytes.
    """

    path: str
    data: bytes
    binding: Binding
    collected: Collected
    notes: tuple[str, ...]


def options_of(suite: Suite) -> Options:
    """How the suite wants its files read."""
    return Options(id_from=suite.id_from, task_from=suite.task_from, score_from=suite.score_from)


def adapter_of(suite: Suite, said: str = "") -> Adapter:
    """The adapter of a suite.

    Raises:
        UsageError: this version has no such adapter, or the user names another than the runbook.
    """
    if said and said != suite.adapter:
        raise UsageError(
            f"suite {suite.name} is read with the adapter {suite.adapter}, not with {said}",
            f"the adapter is part of what evidence is bound to; change suites.{suite.name}.adapter in the runbook",
        )
    if suite.adapter not in ADAPTERS:
        known = ", ".join(ADAPTERS)
        raise UsageError(
            f"there is no adapter {suite.adapter!r}", did_you_mean(suite.adapter, ADAPTERS) or f"there are: {known}"
        )
    return ADAPTERS[suite.adapter]


def looks_like(file: ResultFile, declared: Adapter, options: Options) -> tuple[Adapter, Options] | None:
    """The adapter that knows the file, and how to read it: the declared one first; None when nobody does.

    The suite's field names are meant for the declared adapter; another one is asked with its own habits.
    """
    if declared.recognises(file, options):
        return declared, options
    return next(((known, Options()) for known in ADAPTERS.values() if known.recognises(file, Options())), None)


def recognise(file: ResultFile, adapter: Adapter, options: Options) -> None:
    """Make sure that the file is the adapter's.

    Raises:
        EvidenceRefused: it is empty, looks like another adapter's, or like nobody's.
    """
    if not file.data.strip():
        file.refuse("is empty", "run the evaluation again")
    found = looks_like(file, adapter, options)
    if found is None:
        file.refuse(f"does not look like {adapter.NAME}", f"this adapter reads {adapter.EXPECTS}")
    if found[0].NAME != adapter.NAME:
        file.refuse(
            f"looks like {found[0].NAME}, and the suite is read with {adapter.NAME}", "correct the file or the suite"
        )
    if found[1] != options:
        file.refuse(
            f"looks like {adapter.NAME}, but has not the fields that the suite names",
            "see them with --preview; suites say id_from, task_from, score_from",
        )


def import_results(
    snapshot: Snapshot, runbook: Runbook, suite: Suite, files: Sequence[ResultFile], wishes: Wishes
) -> Imported:
    """The evidence in the files. The steps are those of the module's text.

    Raises:
        EvidenceRefused: a file, a row or the whole is not sound; names it.
        UsageError: a wish names what is not there.
    """
    adapter, options = adapter_of(suite, wishes.adapter), options_of(suite)
    _refuse_twins(files)
    read = []
    for file in files:  # 1
        recognise(file, adapter, options)
        read.append(adapter.read(file, options, [other for other in files if other is not file]))
    model_ids = _model_ids(runbook)
    answers = (answer for samples in read for answer in samples.answers)
    arm_of = arms_of_models(answers, model_ids, wishes.arms, wishes.left_out)  # 2
    collected = collect(read, arm_of, runbook)  # 3
    sources = [file.source for file in files]
    margins, notes = _first_margins(snapshot, runbook, suite, sources)
    binding = binding_for(  # 4
        runbook,
        suite,
        snapshot.files,
        tool=adapter.NAME,
        tool_version=", ".join(sorted({samples.tool_version for samples in read} - {""})),
        sources=sources,
        labels={arm: model for model, arm in arm_of.items()},
        measured_at=_measured_at(read, wishes.measured_at, snapshot.now),
        synthetic=wishes.synthetic,
        margins=margins,
    )
    data = write_evidence(binding, collected.samples)  # 5
    return Imported(
        path=evidence_path(runbook.id, suite.name, data, snapshot.settings.evidence),
        data=data,
        binding=binding,
        collected=collected,
        notes=(*(note for samples in read for note in samples.notes), *notes, *_left_out(collected)),
    )


def _refuse_twins(files: Sequence[ResultFile]) -> None:
    seen: dict[str, str] = {}
    for file in files:
        if (digest := file.source.sha256) in seen:
            file.refuse(f"has the same content as {seen[digest]}", "name each result file once")
        seen[digest] = file.name


def _model_ids(runbook: Runbook) -> dict[ArmName, str]:
    if runbook.baseline is None or runbook.candidate is None:
        raise EvidenceRefused(f"{runbook.path} does not name both models", "declare arms.baseline and arms.candidate")
    return {"baseline": runbook.baseline.model, "candidate": runbook.candidate.model}


def _measured_at(read: Iterable[Samples], said: datetime | None, now: datetime) -> datetime:
    """When the oldest part was measured: as the files say, or as the user says for files that do not."""
    moments = []
    for samples in read:
        if samples.measured_at is None and said is None:
            samples.file.refuse(
                "does not say when it was measured",
                "add a column measured_at, or say it: --measured-at 2026-11-23T09:00:00Z",
            )
        if samples.measured_at is not None and said is not None and samples.measured_at != said:
            samples.file.refuse(
                f"says it was measured at {samples.measured_at.isoformat()}, not at {said.isoformat()}",
                "leave out --measured-at",
            )
        moment = samples.measured_at or said
        assert moment is not None
        if moment > now + CLOCK_SKEW:
            samples.file.refuse(f"was measured at {moment.isoformat()}, which is in the future", "correct the time")
        moments.append(moment)
    return min(moments)


def _first_margins(
    snapshot: Snapshot, runbook: Runbook, suite: Suite, sources: Iterable[Source]
) -> tuple[dict[str, str], tuple[str, ...]]:
    """Margins as they were when one of these source files was first imported: a later import cannot loosen them.

    Tasks that had no margin then get today's. Earlier evidence that cannot be read is passed over and noted.
    """
    known, wanted = margins_of(runbook), {source.sha256 for source in sources}
    notes = []
    for path in evidence_paths(snapshot.files, runbook.id, snapshot.settings.evidence):
        try:
            earlier = read_evidence(snapshot.files.read(path) or b"", path).binding
        except EvidenceRefused as problem:
            notes.append(f"earlier evidence was passed over: {problem}")
            continue
        if earlier.suite != suite.name or not wanted & {source.sha256 for source in earlier.sources}:
            continue
        for task, then in earlier.margins.items():
            if task not in known or parse_points(then) < parse_points(known[task]):
                known[task] = then
                notes.append(f"the margin of {task} was {then} when these results were first imported; that is kept")
    return known, tuple(dict.fromkeys(notes))


def _left_out(collected: Collected) -> tuple[str, ...]:
    return tuple(
        f"{rows} rows of metric {metric!r} are left out: no task they belong to is judged by it"
        for metric, rows in collected.left_out.items()
    )
