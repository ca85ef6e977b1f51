"""DeepEval's test runs: real ones, and each of their traps."""

from __future__ import annotations

import json
from typing import Any

import pytest

import towpath.evidence.adapters.deepeval as deepeval
from support.result_files import real
from towpath.evidence.results import Answer, Options, ResultFile, Samples
from towpath.model.errors import EvidenceRefused

JACCARD = Options(score_from="Jaccard")


def run(name: str = "new") -> Any:
    """A real test run as plain data."""
    return json.loads(real(f"deepeval/{name}-model.json").data)


def read(document: Any, options: Options = JACCARD) -> Samples:
    """What the adapter makes of a run."""
    return deepeval.read(ResultFile(name="run.json", data=json.dumps(document).encode()), options)


def answer_of(samples: Samples, example: str) -> Answer:
    return next(one for one in samples.answers if one.example == example)


def test_an_absent_score_is_an_error_of_that_metric_only() -> None:
    assert answer_of(read(run()), "refund-03").error == "error"
    other = answer_of(read(run(), Options(score_from="Exact Match")), "refund-03")
    assert (other.error, other.scores["score"]) == ("", 0.0)
    assert answer_of(read(run(), Options()), "refund-03").error == "error"


def test_an_error_is_classified() -> None:
    document = run()
    document["testCases"][2]["metricsData"][0]["error"] = "RateLimitError: 429 Too Many Requests"
    assert answer_of(read(document), "refund-03").error == "rate_limit"


def test_success_of_the_case_is_not_the_score() -> None:
    document = run()
    case = document["testCases"][6]
    case["success"] = False
    document["testPassed"], document["testFailed"] = 8, 8
    assert read(document).answers[6].scores["score"] == 1.0


def test_the_model_is_timed_not_the_grader() -> None:
    document = run("old")
    answer = read(document).answers[0]
    assert answer.latency_ms == pytest.approx(document["testCases"][0]["completionTime"] * 1000)
    assert answer.cost_usd == 0.0001
    document["testCases"][0].pop("completionTime")
    document["testCases"][0]["tokenCost"] = 0
    answer = read(document).answers[0]
    assert (answer.latency_ms, answer.cost_usd) == (None, None)


def test_ids_come_from_the_metadata_else_from_the_name() -> None:
    document = run("old")
    document["testCases"][0]["metadata"]["example_id"] = "other"
    assert read(document).answers[0].example == "other"
    for case in document["testCases"]:
        case["metadata"].pop("example_id")
    assert read(document).answers[0].example == "refund-01"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda d: d["testCases"].pop(), "says testPassed = 9, and its test cases give 8"),
        (lambda d: d["testCases"][0].update(success=True), "says testPassed"),
        (lambda d: d["testCases"][0]["metricsData"][0].update(score=1.0), r"says metricsScores\[0\].scores"),
        (lambda d: d["metricsScores"][0].update(errors=0), r"says metricsScores\[0\].errors = 0"),
        (lambda d: d["hyperparameters"].clear(), "does not say which model answered"),
        (lambda d: d["conversationalTestCases"].append({}), "conversational test cases"),
        (lambda d: d["testCases"][0]["metadata"].update(example_id="test_case_0"), "which is only its place"),
        (lambda d: d["testCases"][0]["metadata"].pop("task"), "there is no task"),
        (lambda d: d.update(testCases=[], testPassed=0, testFailed=0), "has no test cases"),
    ],
)
def test_what_cannot_be_trusted_is_refused_by_name(change: Any, message: str) -> None:
    document = run()
    change(document)
    with pytest.raises(EvidenceRefused, match=message) as refused:
        read(document)
    assert str(refused.value).startswith("run.json")


def test_a_metric_that_is_not_there_is_named() -> None:
    with pytest.raises(EvidenceRefused, match="there is no metric 'Jacard'; there are Jaccard, Exact Match"):
        read(run(), Options(score_from="Jacard"))
