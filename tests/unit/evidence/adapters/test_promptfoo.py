"""promptfoo's traps, each on the real file after one change."""

from __future__ import annotations

import random
import re
from datetime import UTC, datetime
from typing import Any

import pytest

from support.result_files import PLAIN, PROMPTFOO, promptfoo, real, row
from towpath.evidence.adapters.promptfoo import fields, read
from towpath.evidence.results import Answer, Options, ResultFile
from towpath.model.errors import EvidenceRefused


def answer(file: ResultFile, example: str, model: str, options: Options = PROMPTFOO) -> Answer:
    return next(one for one in read(file, options).answers if (one.example, one.model) == (example, model))


def test_tool_version_and_time_come_from_the_file() -> None:
    samples = read(promptfoo(), PROMPTFOO)
    assert (samples.tool, samples.tool_version) == ("promptfoo", "0.121.20")
    assert samples.measured_at == datetime(2026, 11, 23, 6, 35, 58, 84000, tzinfo=UTC)


def test_a_failed_assertion_is_a_wrong_answer_and_not_an_error() -> None:
    wrong = answer(promptfoo(), "refund-01", "new-model")
    assert wrong.error == ""
    assert wrong.scores == {"exact": 0, "latency_ok": 1, "no_refusal": 0, "score": 0}
    assert (wrong.latency_ms, wrong.input_tokens, wrong.output_tokens, wrong.cost_usd) == (494, 19, 7, 0.0001296)


def test_a_failed_call_is_an_error_and_has_no_score() -> None:
    failed = answer(promptfoo(), "refund-03", "new-model")
    assert (failed.error, failed.scores, failed.latency_ms, failed.cost_usd) == ("overloaded", {}, None, None)


def test_the_text_of_an_error_is_not_kept() -> None:
    def rate_limited(document: dict[str, Any]) -> None:
        row(document, "refund-03", "new-model")["error"] = "API error 429: rate limit reached for prompt 'my secret'"

    assert answer(promptfoo(rate_limited), "refund-03", "new-model").error == "rate_limit"


def test_a_cached_answer_has_no_latency() -> None:
    def cached(document: dict[str, Any]) -> None:
        one = row(document, "refund-01", "new-model")
        one["response"] |= {"cached": True, "tokenUsage": {"total": 26, "cached": 26}}
        one |= {"latencyMs": 1, "cost": 0}

    one = answer(promptfoo(cached), "refund-01", "new-model")
    assert (one.latency_ms, one.input_tokens, one.output_tokens, one.cost_usd) == (None, None, None, None)


def test_tokens_from_the_providers_cache_are_counted_apart() -> None:
    def cached(document: dict[str, Any]) -> None:
        usage = row(document, "refund-01", "new-model")["response"]["tokenUsage"]
        usage["completionDetails"] = {"cacheReadInputTokens": 12}

    assert answer(promptfoo(cached), "refund-01", "new-model").cached_tokens == 12


@pytest.mark.parametrize(("score_from", "score"), [("", 0.25), ("success", 0.0), ("namedScores.latency_ok", 1.0)])
def test_the_suite_chooses_the_score(score_from: str, score: float) -> None:
    options = Options(id_from="vars.id", score_from=score_from)
    assert answer(promptfoo(), "refund-01", "new-model", options).scores["score"] == score


def test_ids_and_tasks_are_found_in_their_usual_places() -> None:
    # the real file has vars.id and metadata.task, and no metadata.id
    one = answer(promptfoo(), "refund-01", "new-model", PLAIN)
    assert (one.task, one.scores["score"]) == ("refund", 0.25)


def test_an_id_missing_in_one_row_is_refused_there() -> None:
    def without(document: dict[str, Any]) -> None:
        del document["results"]["results"][7]["testCase"]["metadata"]["example_id"]

    with pytest.raises(
        EvidenceRefused, match=r"results.json, results\[7\]: there is no example id at metadata.example_id"
    ):
        read(promptfoo(without), PROMPTFOO)


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (Options(id_from="metadata.exampleid"), "there is no example id at metadata.exampleid"),
        (Options(id_from="vars.id", task_from="metadata.category"), "there is no task at metadata.category"),
        (Options(id_from="vars.id", score_from="namedScores.f1"), "there is no score at namedScores.f1"),
        (Options(id_from="vars"), "there is no example id at vars"),
    ],
)
def test_a_wrong_field_is_refused(options: Options, reason: str) -> None:
    with pytest.raises(EvidenceRefused, match=reason):
        read(promptfoo(), options)
    assert fields(promptfoo(), options)  # the preview still shows what there is


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda d: d["results"].update(version=2), "results version 2"),
        (lambda d: d["results"].update(results=[]), "nothing was evaluated"),
        (lambda d: d["results"]["results"][0].pop("failureReason"), "has no failureReason"),
        (lambda d: d["results"]["results"][0].update(failureReason=7), "has no failureReason"),
        (
            lambda d: row(d, "refund-01", "old-model").update(failureReason=1),
            "success is True although failureReason is 1",
        ),
        (lambda d: d["results"]["results"][0].update(latencyMs=-5), "latencyMs is -5.0, below zero"),
        (lambda d: d["results"]["results"][0]["namedScores"].update(exact="high"), "namedScores.exact is 'high'"),
        (lambda d: d["results"]["results"][0].pop("provider"), "names no provider"),
        (lambda d: (d["results"].pop("timestamp"), d.pop("metadata")), "does not say when"),
        (lambda d: (d["results"].update(timestamp="yesterday"), d.pop("metadata")), "'yesterday', which is no time"),
    ],
)
def test_a_malformed_file_is_refused(change: Any, reason: str) -> None:
    with pytest.raises(EvidenceRefused, match=reason):
        read(promptfoo(change), PROMPTFOO)


def test_not_a_number_and_a_cut_off_file_are_refused() -> None:
    data = promptfoo().data
    with pytest.raises(EvidenceRefused, match="NaN is not a number"):
        read(ResultFile(name="r.json", data=data.replace(b'"score": 0.25', b'"score": NaN', 1)), PROMPTFOO)
    with pytest.raises(EvidenceRefused, match="is not JSON"):
        read(ResultFile(name="r.json", data=data[: len(data) // 2]), PROMPTFOO)


def test_the_order_of_rows_does_not_matter() -> None:
    def shuffled(document: dict[str, Any]) -> None:
        random.Random(3).shuffle(document["results"]["results"])

    def told(file: ResultFile) -> set[tuple[object, ...]]:
        return {(a.example, a.model, a.repeat, a.scores.get("score"), a.error) for a in read(file, PROMPTFOO).answers}

    assert told(promptfoo(shuffled)) == told(promptfoo())


def test_repeats_of_a_real_run_are_numbered_alike_for_both_models() -> None:
    answers = read(real("promptfoo/repeated.json"), PLAIN).answers
    keys = {(a.example, a.model, a.repeat) for a in answers}
    models = ("openai:chat:old-model", "openai:chat:new-model")
    examples = [f"{task}-{number}" for task in ("refund", "invoice") for number in range(1, 5)]
    assert keys == {(example, model, repeat) for example in examples for model in models for repeat in (0, 1)}
    assert {a.error for a in answers if a.error} == {"content_filter"}
    assert {a.cached_tokens for a in answers if not a.error} == {4}


def test_rows_beyond_the_declared_repeats_stay_duplicates() -> None:
    file = real("promptfoo/repeated.json")
    undeclared = ResultFile(name=file.name, data=re.sub(rb'"repeat": 2', b'"repeat": 1', file.data))
    assert {a.repeat for a in read(undeclared, PLAIN).answers} == {0}


def test_a_real_run_from_the_cache_keeps_its_scores_and_nothing_that_was_not_measured() -> None:
    fresh, cached = (read(real(f"promptfoo/{name}.json"), PLAIN).answers for name in ("repeated", "cached"))

    def told(answers: tuple[Answer, ...]) -> set[tuple[object, ...]]:
        return {(a.example, a.model, a.repeat, a.scores.get("score"), a.error) for a in answers}

    assert told(cached) == told(fresh)
    assert {(a.latency_ms, a.input_tokens, a.output_tokens, a.cost_usd) for a in cached} == {(None, None, None, None)}
    assert all(a.latency_ms and a.input_tokens for a in fresh if not a.error)


def test_clusters_and_tags_come_from_the_test_case() -> None:
    def tagged(document: dict[str, Any]) -> None:
        row(document, "refund-01", "new-model")["testCase"]["metadata"] |= {
            "cluster": "doc-7",
            "tags": ["INC-2", "INC-1"],
        }

    one = answer(promptfoo(tagged), "refund-01", "new-model")
    assert (one.cluster, one.tags) == ("doc-7", ("INC-1", "INC-2"))


def test_a_refusal_is_a_metric_of_its_own() -> None:
    def refused(document: dict[str, Any]) -> None:
        row(document, "refund-01", "new-model")["response"]["isRefusal"] = True

    one = answer(promptfoo(refused), "refund-01", "new-model")
    assert (one.refusal, one.scores["refusal"]) == (True, 1)
