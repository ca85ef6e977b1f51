"""Inspect's logs: real ones in both forms, and each of their traps."""

from __future__ import annotations

import json
from typing import Any

import pytest

import towpath.evidence.adapters.inspect as inspect
from support.result_files import real
from towpath.evidence.results import Answer, Options, ResultFile, Samples
from towpath.model.errors import EvidenceRefused

EXACT = Options(score_from="exact")


def log(name: str = "new") -> Any:
    """A real log as plain data."""
    return json.loads(real(f"inspect/{name}-model.json").data)


def read(document: Any, options: Options = EXACT) -> Samples:
    """What the adapter makes of a log."""
    return inspect.read(ResultFile(name="log.json", data=json.dumps(document).encode()), options)


def answer_of(samples: Samples, example: str, repeat: int = 0) -> Answer:
    return next(one for one in samples.answers if (one.example, one.repeat) == (example, repeat))


@pytest.mark.parametrize("name", ["old", "new"])
def test_both_forms_of_a_log_hold_the_same(name: str) -> None:
    whole = inspect.read(real(f"inspect/{name}-model.json"), EXACT)
    archived = inspect.read(real(f"inspect/{name}-model.eval"), EXACT)

    def plain(samples: Samples) -> dict[object, object]:
        return {(a.example, a.repeat): (a.scores, a.error, a.latency_ms, a.input_tokens) for a in samples.answers}

    assert plain(whole) == plain(archived)
    assert (whole.measured_at, whole.tool_version) == (archived.measured_at, archived.tool_version)


def test_an_error_is_an_errored_answer_and_its_other_epoch_is_not() -> None:
    samples = read(log())
    assert answer_of(samples, "refund-03", 0).error == "overloaded"
    assert answer_of(samples, "refund-03", 0).scores == {}
    assert answer_of(samples, "refund-03", 1).error == ""
    assert len(samples.answers) == 14


def test_letters_are_grades_and_epochs_are_repeats() -> None:
    document = log("old")
    document["samples"][0]["scores"]["exact"]["value"] = "P"
    document["results"]["scores"] = []
    samples = read(document)
    assert answer_of(samples, "invoice-01", 0).scores["score"] == 0.5
    assert answer_of(samples, "invoice-01", 1).scores["score"] == 1.0
    assert answer_of(samples, "refund-02").scores["exact"] == 0.0


def test_latency_is_the_working_time_and_cached_tokens_are_input() -> None:
    document = log("old")
    first = document["samples"][0]
    first["model_usage"]["mockllm/old-model"]["input_tokens_cache_read"] = 100
    first["model_usage"]["openai/judge"] = {"input_tokens": 5000, "output_tokens": 900}
    answer = read(document).answers[0]
    assert answer.latency_ms == first["working_time"] * 1000
    assert (answer.input_tokens, answer.cached_tokens, answer.output_tokens) == (111, 100, 4)


def test_several_scorers_are_metrics_by_name_and_none_is_guessed() -> None:
    assert set(read(log("old"), Options()).answers[0].scores) == {"exact", "graded", "refused"}
    assert read(log("old"), Options(score_from="scores.graded")).answers[0].scores["score"] == 1.0
    with pytest.raises(EvidenceRefused, match=r"no score at scores\.exakt"):
        read(log("old"), Options(score_from="exakt"))


def test_a_scorer_of_several_values_has_a_name_for_each() -> None:
    document = log("old")
    for sample in document["samples"]:
        sample["scores"] = {"both": {"value": {"right": 1, "polite": 0.5}}}
    document["results"]["scores"] = []
    assert read(document, Options(score_from="both.polite")).answers[0].scores["score"] == 0.5


def test_a_score_without_value_is_counted_not_dropped() -> None:
    document = log("old")
    document["samples"][0]["scores"]["exact"]["value"] = float("nan")
    document["results"]["scores"] = []
    assert read(document).answers[0].error == "unscored"
    assert len(read(document).answers) == 14


def test_names_of_the_model_with_and_without_its_provider() -> None:
    assert read(log("old")).answers[0].names == {"mockllm/old-model", "old-model"}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda d: d.update(status="cancelled"), "has the status 'cancelled'"),
        (lambda d: d.update(status="started"), "has the status 'started'"),
        (lambda d: d.update(invalidated=True), "was invalidated"),
        (lambda d: d.pop("samples"), "has no samples"),
        (lambda d: d["samples"].pop(), "says results.total_samples = 14, and its samples give 13"),
        (lambda d: d["samples"][4].update(error=None), "says results.completed_samples = 13, and its samples give 14"),
        (lambda d: d["samples"][0]["scores"]["exact"].update(value="I"), r"says results.scores\[0\].metrics.mean"),
        (lambda d: d["samples"][0]["scores"]["exact"].update(value=[1, 2]), "is no number"),
        (lambda d: (d["samples"][0].pop("id"), d["results"].update(scores=[])), "there is no example id"),
        (lambda d: d["samples"][0]["metadata"].pop("task"), "there is no task"),
        (lambda d: d["samples"][0]["scores"].clear(), "no score at scores.exact and no error"),
        (lambda d: d["eval"].pop("model"), "does not say which model"),
        (lambda d: (d["eval"].pop("created"), d["stats"].clear()), "does not say when"),
        (lambda d: d.pop("results"), "has no results to compare"),
    ],
)
def test_what_cannot_be_trusted_is_refused_by_name(change: Any, message: str) -> None:
    document = log()
    change(document)
    with pytest.raises(EvidenceRefused, match=message) as refused:
        read(document)
    assert str(refused.value).startswith("log.json")


def test_a_damaged_archive_is_refused() -> None:
    data = real("inspect/old-model.eval").data
    middle = data.index(b"samples/refund-01_epoch_1.json") + 60
    broken = data[:middle] + bytes(byte ^ 0xFF for byte in data[middle : middle + 40]) + data[middle + 40 :]
    for damaged in (broken, data[: len(data) // 2], data.replace(b"header.json", b"heedar.json")):
        with pytest.raises(EvidenceRefused, match=r"odd\.eval"):
            inspect.read(ResultFile(name="odd.eval", data=damaged), EXACT)
