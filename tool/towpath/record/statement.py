"""A record as bytes and back: an in-toto Statement v1 in canonical JSON (RFC 8785), strict in both directions.

Canonical means that one record has one byte string: reading a file and writing it again gives the same bytes, or the
file is refused. `schema/record.v1.json` describes the same shape for other programs.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, get_args

from towpath.model.errors import TowpathError
from towpath.model.record import Action, Attestation, Digest, GateResult, Position, Record, Subject

STATEMENT_TYPE = "https://in-toto.io/Statement/v1"
PREDICATE_TYPE = "urn:towpath:record:v1"


class RecordRefused(TowpathError):
    """A record file that is malformed, not canonical, or not of this format."""


def record_path(folder: str, runbook_id: str, seq: int) -> str:
    """Where a record lies: `records/<runbook>/<seq, six digits>.json`."""
    return f"{folder}/{runbook_id}/{seq:06d}.json"


def write_record(record: Record) -> bytes:
    """The record's only byte string, ended by a line feed."""
    import rfc8785

    return rfc8785.dumps(_statement(record)) + b"\n"


def read_record(data: bytes, path: str) -> Record:
    """The record in a file.

    Raises:
        RecordRefused: not JSON, a key too many or too few, a wrong type, or bytes that are not canonical.
    """
    try:
        statement = json.loads(data, object_pairs_hook=_no_duplicates)
    except (ValueError, RecursionError) as problem:
        raise RecordRefused(f"{path}: not JSON: {problem}", "restore the file from git history") from None
    try:
        record = _record(statement)
        canonical = write_record(record)
    except (KeyError, TypeError, ValueError, ArithmeticError, AttributeError) as problem:
        raise RecordRefused(
            f"{path}: not a record of version 1 ({type(problem).__name__}: {problem})",
            "records are written by towpath only; restore the file from git history",
        ) from None
    if canonical != data:
        raise RecordRefused(
            f"{path}: not the canonical bytes of its content", "records are never edited; restore it from git history"
        )
    return record


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key is written twice")
    return found


def _statement(record: Record) -> dict[str, Any]:
    predicate: dict[str, Any] = {
        "runbook": record.runbook,
        "path": record.path,
        "action": record.action,
        "seq": record.seq,
        "prev": record.prev,
        "before": _digest(record.before),
        "after": _digest(record.after),
        "from": _position(record.from_),
        "to": _position(record.to),
        "base": record.base,
        "branch": record.branch,
        "policy": {"pack": record.policy_pack, "version": record.policy_version, "sha256": record.policy_sha256},
        "models": dict(record.models),
        "evidence": [{"path": subject.path, **_digest(subject.digest)} for subject in record.evidence],
        "exports": [{"path": subject.path, **_digest(subject.digest)} for subject in record.exports],
        "attested": [{"what": said.what, "statement": said.statement} for said in record.attested],
        "gate": _gate(record.gate),
        "reason": record.reason,
        "actor": record.actor,
        "tool": {"name": "towpath", "version": record.tool_version},
        "created": record.created.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "simulated": record.simulated,
        "synthetic": record.synthetic,
    }
    subjects = [Subject(path=record.path, digest=record.after), *record.evidence]
    return {
        "_type": STATEMENT_TYPE,
        "subject": [{"name": subject.path, "digest": _digest(subject.digest)} for subject in subjects],
        "predicateType": PREDICATE_TYPE,
        "predicate": predicate,
    }


def _digest(digest: Digest) -> dict[str, str]:
    return {"sha256": digest.sha256, "gitBlob": digest.git_blob}


def _position(position: Position) -> dict[str, str]:
    # the share is text: 12.5 has one spelling as a decimal and several as a float
    return {"stage": position.stage, "percent": format(position.percent, "f")}


def _gate(gate: GateResult | None) -> dict[str, Any] | None:
    if gate is None:
        return None
    return {
        "stage": gate.stage,
        "verdict": gate.verdict,
        "report_sha256": gate.report_sha256,
        "criteria": [{"id": name, "verdict": verdict} for name, verdict in gate.criteria],
        "seed": gate.seed,
    }


def _record(statement: dict[str, Any]) -> Record:
    if statement["_type"] != STATEMENT_TYPE or statement["predicateType"] != PREDICATE_TYPE:
        raise ValueError("another kind of statement")
    said = statement["predicate"]
    if said["action"] not in get_args(Action):
        raise ValueError(f"unknown action {said['action']!r}")
    return Record(
        runbook=_text(said["runbook"]),
        path=_text(said["path"]),
        action=said["action"],
        seq=_whole(said["seq"]),
        prev=_hex(said["prev"], 64) if said["prev"] else "",
        before=_read_digest(said["before"]),
        after=_read_digest(said["after"]),
        from_=_read_position(said["from"]),
        to=_read_position(said["to"]),
        base=_text(said["base"]),
        branch=_text(said["branch"]),
        policy_pack=_text(said["policy"]["pack"]),
        policy_version=_text(said["policy"]["version"]),
        policy_sha256=_hex(said["policy"]["sha256"], 64),
        models={_text(arm): _text(model) for arm, model in said["models"].items()},
        evidence=tuple(_read_subject(entry) for entry in said["evidence"]),
        exports=tuple(_read_subject(entry) for entry in said["exports"]),
        attested=tuple(
            Attestation(what=_text(entry["what"]), statement=_text(entry["statement"])) for entry in said["attested"]
        ),
        gate=_read_gate(said["gate"]),
        reason=_text(said["reason"]),
        actor=_text(said["actor"]),
        tool_version=_text(said["tool"]["version"]),
        created=datetime.strptime(said["created"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC),
        simulated=_flag(said["simulated"]),
        synthetic=_flag(said["synthetic"]),
    )


def _read_digest(entry: dict[str, str]) -> Digest:
    return Digest(sha256=_hex(entry["sha256"], 64), git_blob=_hex(entry["gitBlob"], 40))


def _read_subject(entry: dict[str, str]) -> Subject:
    return Subject(path=_text(entry["path"]), digest=_read_digest(entry))


def _read_position(entry: dict[str, str]) -> Position:
    percent = Decimal(_text(entry["percent"]))
    if not 0 <= percent <= 100:
        raise ValueError(f"a share of {percent} %")
    return Position(stage=_text(entry["stage"]), percent=percent)


def _read_gate(entry: dict[str, Any] | None) -> GateResult | None:
    if entry is None:
        return None
    return GateResult(
        stage=_text(entry["stage"]),
        verdict=_text(entry["verdict"]),
        report_sha256=_hex(entry["report_sha256"], 64),
        criteria=tuple((_text(one["id"]), _text(one["verdict"])) for one in entry["criteria"]),
        seed=_whole(entry["seed"]),
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"expected text, found {value!r}")
    return value


def _hex(value: object, length: int) -> str:
    text = _text(value)
    if len(text) != length or set(text) - set("0123456789abcdef"):
        raise ValueError(f"expected {length} hexadecimal digits, found {text!r}")
    return text


def _whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"expected a whole number, found {value!r}")
    return value


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"expected true or false, found {value!r}")
    return value
