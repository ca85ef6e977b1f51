"""The results file of an lm-eval run: which model, when, which version, and the totals its samples must give."""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum
from typing import TYPE_CHECKING, Any

from towpath.evidence.fields import value_at
from towpath.evidence.json_document import json_document
from towpath.evidence.values import ValueProblem, number, shortened

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from towpath.evidence.results import ResultFile

EXPECTS = "lm-eval: results_<time>.json together with its samples_<task>_<time>.jsonl (--log_samples)"
_NAMING = ("pretrained", "model", "engine", "peft")
_TOLERANCE = 1e-6

Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run of lm-eval.

    Attributes:
        model: what tells it from other runs; `names` all it may be called.
        date: seconds since 1970, when it began.
    """

    name: str
    model: str
    names: frozenset[str]
    date: float
    version: str
    document: Mapping[str, Any]

    def check_totals(self, file: ResultFile, task: str, rows: list[Row]) -> None:
        """Compares the number of documents and each mean of a task with the lines of its samples file.

        Raises:
            EvidenceRefused: the run does not know the task, or its totals are not what the lines give.
        """
        totals = _inner(self.document, "results").get(task)
        if not isinstance(totals, dict):
            file.refuse(f"is of task {task}, which {self.name} does not have", "import the files of one run together")
        counted = len({row.get("doc_id") for row in rows})
        said = _inner(_inner(self.document, "n-samples"), task).get("effective")
        if said != counted:
            self._disagree(file, f"n-samples.{task}.effective", said, counted)
        for metric in self._means(task):
            label = f"{metric},{rows[0]['filter']}"
            try:
                values = [number(row[metric], metric) for row in rows if metric in row]
            except ValueProblem:
                continue  # reading the line says what is wrong with it
            expected = totals.get(label)
            if values and isinstance(expected, int | float) and abs(expected - fsum(values) / len(values)) > _TOLERANCE:
                self._disagree(file, f"results.{task}.{label}", expected, round(fsum(values) / len(values), 6))

    def _means(self, task: str) -> list[str]:
        listed = _inner(_inner(self.document, "configs"), task).get("metric_list")
        return [
            str(one.get("metric"))
            for one in (listed if isinstance(listed, list) else [])
            if isinstance(one, dict) and one.get("aggregation") == "mean"
        ]

    def _disagree(self, file: ResultFile, where: str, said: object, counted: float) -> None:
        file.refuse(
            f"{self.name} says {where} = {shortened(said)}, and the lines give {counted}",
            "lines are missing or were changed; use the files as lm-eval wrote them",
        )


def run_of(file: ResultFile, time: str) -> Run:
    """The run of a results file.

    Raises:
        EvidenceRefused: not lm-eval's, or without model or date.
    """
    document = json_document(file, EXPECTS, nan_is_none=True)
    if not isinstance(document.get("results"), dict) or not isinstance(document.get("config"), dict):
        file.refuse("is no results file of lm-eval", EXPECTS)
    date = document.get("date")
    if not isinstance(date, int | float) or not 0 < date < 10**11:
        file.refuse(f"does not say when run {time} began: there is no date", EXPECTS)
    arguments = _arguments(value_at(document, "config.model_args"))
    kind = str(value_at(document, "config.model") or "model")
    shown = next((arguments[key] for key in _NAMING if key in arguments), "")
    shown = shown or " ".join([kind, *(f"{key}={value}" for key, value in sorted(arguments.items()))])
    said = (document.get("model_name"), document.get("model_source"))
    names = {shown, shown.rpartition("/")[2], *arguments.values(), *(one for one in said if isinstance(one, str))}
    version = document.get("lm_eval_version")
    return Run(
        name=file.name,
        model=shown,
        names=frozenset(names - {""}),
        date=float(date),
        version=version if isinstance(version, str) else "",
        document=document,
    )


def run_of_samples(file: ResultFile, time: str, candidates: Sequence[ResultFile]) -> Run:
    """The run a samples file belongs to: the results file of the same time, in the same folder where there are several.

    Raises:
        EvidenceRefused: there is none, or it cannot be told which.
    """
    folder = file.name.rpartition("/")[0]
    near = [one for one in candidates if one.name.rpartition("/")[0] == folder] or list(candidates)
    if len(near) != 1:
        many = "there are several" if near else "it is not among the files"
        file.refuse(
            f"belongs to results_{time}.json, and {many}", "import the files of a run together, from its folder"
        )
    return run_of(near[0], time)


def _arguments(said: object) -> dict[str, str]:
    """`model_args` as a mapping, or as older versions write it: `pretrained=x,dtype=float`."""
    if isinstance(said, dict):
        return {str(key): str(value) for key, value in said.items() if isinstance(value, str | int | float)}
    parts = (part.partition("=") for part in str(said or "").split(","))
    return {key.strip(): value.strip() for key, equals, value in parts if equals}


def _inner(row: Mapping[str, Any], key: str) -> dict[str, Any]:
    value = row.get(key)
    return value if isinstance(value, dict) else {}
