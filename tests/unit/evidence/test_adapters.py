"""What every adapter does: knows its own files, claims nobody else's, names the file in every refusal."""

from __future__ import annotations

import pytest

from support.result_files import PLAIN, PROMPTFOO, real
from towpath.evidence.adapters import ADAPTERS
from towpath.evidence.results import Options, ResultFile
from towpath.model.errors import EvidenceRefused

OWN = {
    "promptfoo/results.json": ("promptfoo", PROMPTFOO),
    "generic/results.csv": ("generic", PLAIN),
    "generic/results.jsonl": ("generic", PLAIN),
}
OTHER_RUNS = ("promptfoo/repeated.json", "promptfoo/cached.json")
NOBODYS = ("promptfoo/results.jsonl", "promptfoo/results.csv", "deepeval/new-model.json")


def test_every_adapter_is_listed_under_its_name_and_has_a_real_file() -> None:
    assert {name: adapter.NAME for name, adapter in ADAPTERS.items()} == {name: name for name in ADAPTERS}
    assert {adapter for adapter, _ in OWN.values()} == set(ADAPTERS)


@pytest.mark.parametrize("name", [*OWN, *OTHER_RUNS, *NOBODYS])
def test_a_file_is_claimed_by_its_own_adapter_only(name: str) -> None:
    wanted, options = {**OWN, **dict.fromkeys(OTHER_RUNS, ("promptfoo", PLAIN))}.get(name, ("", PLAIN))
    claims = [adapter.NAME for adapter in ADAPTERS.values() if adapter.recognises(real(name), options)]
    assert claims == ([wanted] if wanted else [])


@pytest.mark.parametrize("name", OWN)
def test_a_real_file_is_read_whole(name: str) -> None:
    adapter, options = OWN[name]
    samples = ADAPTERS[adapter].read(real(name), options)
    assert len(samples.answers) == 32
    assert len({(answer.example, answer.model, answer.repeat) for answer in samples.answers}) == 32
    assert [answer.error for answer in samples.answers if answer.error] == ["overloaded"]
    assert samples.measured_at is not None
    assert samples.measured_at.tzinfo is not None
    fields = ADAPTERS[adapter].fields(real(name), options)
    assert {"example id", "task", "model", "score"} <= {field.read_as for field in fields if field.rows}


@pytest.mark.parametrize("adapter", list(ADAPTERS))
@pytest.mark.parametrize(
    "data", [b"", b"{", b"\xff\xfe", b"null", b"[1]", b'{"results": {}}', b"a,b\n1\n", b"{}\n" * 3]
)
def test_anything_else_is_refused_by_name(adapter: str, data: bytes) -> None:
    with pytest.raises(EvidenceRefused, match="odd file"):
        ADAPTERS[adapter].read(ResultFile(name="odd file", data=data), Options())
