"""What every adapter does: knows its own files, claims nobody else's, names the file in every refusal."""

from __future__ import annotations

import pytest

from support.result_files import PLAIN, PROMPTFOO, real
from towpath.evidence.adapters import ADAPTERS
from towpath.evidence.results import Options, ResultFile
from towpath.model.errors import EvidenceRefused

OLD = "2026-11-23T06-39-37.180474"
"""The time in the names of an lm-eval run."""

EXACT = Options(score_from="exact")
JACCARD = Options(score_from="Jaccard")
OWN: dict[str, tuple[str, Options, int, list[str]]] = {
    "promptfoo/results.json": ("promptfoo", PROMPTFOO, 32, ["overloaded"]),
    "generic/results.csv": ("generic", PLAIN, 32, ["overloaded"]),
    "generic/results.jsonl": ("generic", PLAIN, 32, ["overloaded"]),
    "inspect/old-model.json": ("inspect", EXACT, 14, []),
    "inspect/old-model.eval": ("inspect", EXACT, 14, []),
    "inspect/new-model.json": ("inspect", EXACT, 14, ["overloaded"]),
    "inspect/new-model.eval": ("inspect", EXACT, 14, ["overloaded"]),
    f"lm-eval/old/samples_support_refund_{OLD}.jsonl": ("lm-eval", PLAIN, 6, []),
    f"lm-eval/old/results_{OLD}.json": ("lm-eval", PLAIN, 0, []),
    "deepeval/old-model.json": ("deepeval", JACCARD, 16, []),
    "deepeval/new-model.json": ("deepeval", JACCARD, 16, ["error"]),
}
"""Real file -> adapter, how its suite reads it, answers in it, errors among them."""

OTHER_RUNS = ("promptfoo/repeated.json", "promptfoo/cached.json")
NOBODYS = ("promptfoo/results.jsonl", "promptfoo/results.csv")


def test_every_adapter_is_listed_under_its_name_and_has_a_real_file() -> None:
    assert {name: adapter.NAME for name, adapter in ADAPTERS.items()} == {name: name for name in ADAPTERS}
    assert {adapter for adapter, *_ in OWN.values()} == set(ADAPTERS)


@pytest.mark.parametrize("name", [*OWN, *OTHER_RUNS, *NOBODYS])
def test_a_file_is_claimed_by_its_own_adapter_only(name: str) -> None:
    wanted, options = OWN[name][:2] if name in OWN else ("promptfoo" if name in OTHER_RUNS else "", PLAIN)
    claims = [adapter.NAME for adapter in ADAPTERS.values() if adapter.recognises(real(name), options)]
    assert claims == ([wanted] if wanted else [])


@pytest.mark.parametrize("name", OWN)
def test_a_real_file_is_read_whole(name: str) -> None:
    adapter, options, count, errors = OWN[name]
    samples = ADAPTERS[adapter].read(
        real(name), options, [real(other) for other in OWN if OLD in other and other != name]
    )
    assert len(samples.answers) == count
    assert len({(answer.example, answer.model, answer.repeat) for answer in samples.answers}) == count
    assert [answer.error for answer in samples.answers if answer.error] == errors
    if adapter == "deepeval":  # its files do not say when
        assert samples.measured_at is None
    else:
        assert samples.measured_at is not None
        assert samples.measured_at.tzinfo is not None
    fields = ADAPTERS[adapter].fields(real(name), options)
    if not count:
        assert fields == ()
        return
    # a model that the file names once, for all its rows, stands in no row
    wanted = {"example id", "score"} | ({"task"} if adapter != "lm-eval" else set())
    wanted |= {"model"} if adapter in ("promptfoo", "generic") else set()
    assert wanted <= {field.read_as for field in fields if field.rows}


@pytest.mark.parametrize("adapter", list(ADAPTERS))
@pytest.mark.parametrize(
    "data", [b"", b"{", b"\xff\xfe", b"null", b"[1]", b'{"results": {}}', b"a,b\n1\n", b"{}\n" * 3]
)
def test_anything_else_is_refused_by_name(adapter: str, data: bytes) -> None:
    with pytest.raises(EvidenceRefused, match="odd file"):
        ADAPTERS[adapter].read(ResultFile(name="odd file", data=data), Options())
