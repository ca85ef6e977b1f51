"""A record to start from in tests."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from towpath.model.record import Attestation, Digest, GateResult, Position, Record, Subject

DIGEST = Digest(sha256="a" * 64, git_blob="b" * 40)

RECORD = Record(
    runbook="triage",
    path="runbooks/triage.yaml",
    action="promote",
    seq=1,
    prev="",
    before=DIGEST,
    after=Digest(sha256="c" * 64, git_blob="d" * 40),
    from_=Position(stage="planned", percent=Decimal(0)),
    to=Position(stage="internal", percent=Decimal("0")),
    base="e" * 40,
    branch="main",
    policy_pack="towpath/recommended",
    policy_version="1",
    policy_sha256="f" * 64,
    models={"baseline": "old-model", "candidate": "new-model"},
    evidence=(Subject(path="evidence/triage/offline-0123456789ab.jsonl", digest=DIGEST),),
    exports=(Subject(path="flags/triage.flagd.json", digest=DIGEST),),
    attested=(Attestation(what="review", statement="50 answers read, 1 serious"),),
    gate=GateResult(
        stage="internal",
        verdict="pass",
        report_sha256="0" * 64,
        criteria=(("quality/refunds", "pass"), ("cost/total", "pass")),
        seed=7,
    ),
    actor="Ada <ada@example.org>",
    tool_version="0.1.0",
    created=datetime(2026, 11, 23, 12, tzinfo=UTC),
)
