"""Plain data of a runbook file -> Runbook.

Reading is tolerant: a value the schema refused is left out (`None`) and its pointer kept in `Runbook.malformed`, so
that every rule can still run on the rest and all problems of a file come in one run. Named sections are resolved here:
`eval: standard` and `eval: {use: standard, ...}` both become an `EvalSection` that knows where it was written.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, TypeVar, cast

from towpath.model import quantity
from towpath.model.runbook import (
    Arm,
    Comparison,
    CostSection,
    EvalSection,
    Export,
    Feature,
    Hold,
    Metric,
    NoData,
    Pointer,
    Price,
    Requirement,
    Review,
    RollbackSection,
    Rollout,
    Runbook,
    Stage,
    Suite,
    Task,
    Trigger,
    Watch,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

T = TypeVar("T")
Data = dict[str, Any]
SECTION_KINDS: tuple[Literal["eval", "cost", "rollback"], ...] = ("eval", "cost", "rollback")


def read_runbook(data: object, path: str, malformed: Iterable[Pointer] = ()) -> Runbook | None:
    """The runbook in already parsed data.

    Args:
        data: plain data of the file, as the YAML parser gives it.
        path: the file, relative to the repository.
        malformed: pointers the schema refused.

    Returns:
        The runbook, or None when so little is there that no rule could speak of it (no mapping, no id, no
        feature name, no rollout).
    """
    if not isinstance(data, dict):
        return None
    feature, rollout = _mapping(data, "feature"), _rollout(_mapping(data, "rollout"))
    runbook_id, name = _text(data, "id"), _text(feature, "name")
    if not runbook_id or not name or rollout is None:
        return None
    checks, cohort, arms = _mapping(data, "checks"), _mapping(data, "cohort"), _mapping(data, "arms")
    named: dict[tuple[str, str], object] = {}
    return Runbook(
        path=path,
        id=runbook_id,
        title=_text(data, "title"),
        reason=_text(data, "reason"),
        incidents=_texts(data, "incidents"),
        owners=_texts(data, "owners"),
        draft=data.get("draft") is True,
        feature=Feature(
            name=name,
            users_per_month=_whole(feature, "users_per_month"),
            calls_per_day=_whole(feature, "calls_per_day"),
        ),
        unit=_text(cohort, "unit"),
        salt=_text(cohort, "salt"),
        baseline=_arm(_mapping(arms, "baseline")),
        candidate=_arm(_mapping(arms, "candidate")),
        fallback=_arm(_mapping(arms, "fallback")),
        tasks=tuple(_task(key, value) for key, value in _items(data, "tasks")),
        watch=_watch(_mapping(data, "watch")),
        suites=tuple(_suite(key, value) for key, value in _items(data, "suites")),
        metrics=tuple(_metric(key, value) for key, value in _items(data, "metrics")),
        exports=tuple(
            Export(target=_text(item, "target"), path=_text(item, "path"))
            for item in _list(data, "exports")
            if isinstance(item, dict)
        ),
        notify=MappingProxyType({key: str(value) for key, value in _mapping(data, "notify").items()}),
        stages=tuple(
            _stage(item, ("stages", index), checks, named)
            for index, item in enumerate(_list(data, "stages"))
            if isinstance(item, dict)
        ),
        rollout=rollout,
        malformed=frozenset(malformed),
    )


def resolve_section(kind: str, value: object, at: Pointer, checks: Data) -> tuple[Data, Pointer, str] | None:
    """The contents of a stage section, where it is defined and under which name.

    Returns:
        None when the section is absent, malformed, or names a section that `checks` does not have.
    """
    named = _mapping(checks, kind)
    if isinstance(value, str):
        found = named.get(value)
        return (found, ("checks", kind, value), value) if isinstance(found, dict) else None
    if not isinstance(value, dict):
        return None
    if "use" not in value:
        return value, at, ""
    base = named.get(value["use"]) if isinstance(value["use"], str) else None
    if not isinstance(base, dict):
        return None
    return _laid_over(base, {key: item for key, item in value.items() if key != "use"}), at, value["use"]


def resolved_data(data: Data) -> Data:
    """The plain data with every named section written out in its stage and inherited defaults filled in.

    This is what `towpath show --resolved` prints and what a section's author would otherwise have to imagine.
    """
    whole = {key: value for key, value in data.items() if key != "checks"}
    whole["tasks"] = {
        key: {"load_bearing": True, "metric": "score", "better": "higher", **value}
        for key, value in _items(data, "tasks")
    }
    stages: list[object] = []
    for index, stage in enumerate(_list(data, "stages")):
        if not isinstance(stage, dict):
            stages.append(stage)
            continue
        filled = {**stage, "mode": stage.get("mode", "serve")}
        for kind in SECTION_KINDS:
            if found := resolve_section(kind, stage.get(kind), ("stages", index, kind), _mapping(data, "checks")):
                filled[kind] = {**_defaults(kind), **found[0]}
        stages.append(filled)
    whole["stages"] = stages
    return whole


def _defaults(kind: str) -> Data:
    return {"confidence": "95%", "max_errors": "5%", "max_unpaired": "5%"} if kind == "eval" else {}


def _laid_over(base: Data, extra: Data) -> Data:
    """`extra` laid over `base`, mappings merged key by key, so that a stage adds to a named section."""
    merged = dict(base)
    for key, value in extra.items():
        under = merged.get(key)
        merged[key] = _laid_over(under, value) if isinstance(under, dict) and isinstance(value, dict) else value
    return merged


def _stage(data: Data, at: Pointer, checks: Data, named: dict[tuple[str, str], object]) -> Stage:
    def section(kind: str, read: Callable[[Data, Pointer, str], T]) -> T | None:
        """One section of the stage; a named one is read once for all the stages that use it."""
        value = data.get(kind)
        known = named.get((kind, value)) if isinstance(value, str) else None
        if known is not None:
            return cast("T", known)
        found = resolve_section(kind, value, (*at, kind), checks)
        result = read(*found) if found else None
        if isinstance(value, str):
            named[kind, value] = result
        return result

    review, compare = _mapping(data, "review"), _mapping(data, "compare")
    percent = data.get("percent")
    return Stage(
        name=_text(data, "name"),
        at=at,
        percent=Decimal(str(percent)) if _is_number(percent) else None,
        segments=_texts(data, "segments"),
        bake=_quantity(quantity.parse_duration, data.get("bake")),
        mode=_text(data, "mode") or "serve",
        control=_text(data, "control"),
        eval=section("eval", _eval),
        cost=section("cost", _cost),
        rollback=section("rollback", _rollback),
        review=Review(
            by=_text(review, "by"),
            sample=_whole(review, "sample"),
            at_most=_quantity(quantity.parse_count, review.get("at_most")),
        )
        if review
        else None,
        compare=Comparison(
            control=_text(compare, "control"),
            metrics=_texts(compare, "metrics"),
            significance=_quantity(quantity.parse_percent, compare.get("significance")),
        )
        if compare
        else None,
    )


def _eval(data: Data, at: Pointer, name: str) -> EvalSection:
    given = {
        key: value
        for key in ("confidence", "max_errors", "max_unpaired")
        if (value := _quantity(quantity.parse_percent, data.get(key))) is not None
    }
    return EvalSection(
        at=at,
        name=name,
        suite=_text(data, "suite"),
        max_evidence_age=_quantity(quantity.parse_duration, data.get("max_evidence_age")),
        require=tuple(_requirement(key, value, (*at, "require", key)) for key, value in _pairs(data, "require")),
        **given,
    )


def _requirement(metric: str, value: object, at: Pointer) -> Requirement:
    limit = value.get("at_most") if isinstance(value, dict) else None
    return Requirement(
        metric=metric,
        non_inferior=value == "non_inferior",
        at_most=_quantity(quantity.parse_limit, limit),
        at=at,
    )


def _cost(data: Data, at: Pointer, name: str) -> CostSection:
    return CostSection(
        at=at,
        name=name,
        total_increase=_quantity(quantity.parse_percent, _mapping(data, "total_increase").get("at_most")),
        per_user_increase=_quantity(quantity.parse_money, _mapping(data, "per_user_increase").get("at_most")),
        budget=_quantity(quantity.parse_money, data.get("budget")),
        volumes=tuple(
            ratio for item in _list(data, "volumes") if (ratio := _quantity(quantity.parse_ratio, item)) is not None
        ),
    )


def _rollback(data: Data, at: Pointer, name: str) -> RollbackSection:
    to = data.get("to")
    no_data = _mapping(data, "no_data")
    return RollbackSection(
        at=at,
        name=name,
        to=cast("Literal['baseline', 'previous']", to) if to in ("baseline", "previous") else None,
        alpha=_quantity(quantity.parse_percent, data.get("alpha")),
        when=tuple(_trigger(key, value, (*at, "when", key)) for key, value in _items(data, "when")),
        no_data=NoData(
            after=_quantity(quantity.parse_count, no_data.get("after")), then=_text(no_data, "then") or "hold"
        )
        if no_data
        else None,
    )


def _trigger(name: str, data: Data, at: Pointer) -> Trigger:
    tasks = data.get("tasks")
    return Trigger(
        name=name,
        at=at,
        metric=_text(data, "metric"),
        tasks=cast("Literal['load_bearing', 'watch']", tasks)
        if tasks in ("load_bearing", "watch")
        else _texts(data, "tasks"),
        worse_by=_quantity(quantity.parse_points, data.get("worse_by")),
        over=_quantity(quantity.parse_ratio, data.get("over")),
        per=_text(data, "per"),
        of=_text(data, "of"),
        min_count=_whole(data, "min_count"),
    )


def _arm(data: Data) -> Arm | None:
    model = _mapping(data, "model")
    if not _text(model, "id"):
        return None
    price = _mapping(data, "price")
    return Arm(
        provider=_text(model, "provider"),
        model=_text(model, "id"),
        retires=_date(model.get("retires")),
        prompts=_texts(data, "prompts"),
        tools=_texts(data, "tools"),
        params=MappingProxyType(dict(_mapping(data, "params"))),
        revision=_text(data, "revision"),
        price=_price(price) if price else None,
    )


def _price(data: Data) -> Price:
    return Price(
        input=_quantity(quantity.parse_money, data.get("input")),
        output=_quantity(quantity.parse_money, data.get("output")),
        cached_input=_quantity(quantity.parse_money, data.get("cached_input")),
        source=_text(data, "source"),
        as_of=_date(data.get("as_of")),
        catalog=_date(data.get("catalog")),
    )


def _task(task_id: str, data: Data) -> Task:
    return Task(
        id=task_id,
        load_bearing=data.get("load_bearing") is not False,
        margin=_quantity(quantity.parse_points, data.get("margin")),
        metric=_text(data, "metric") or "score",
        better="lower" if data.get("better") == "lower" else "higher",
    )


def _watch(data: Data) -> Watch | None:
    return Watch(task=_text(data, "task"), why=_text(data, "why").strip()) if _text(data, "task") else None


def _suite(name: str, data: Data) -> Suite:
    return Suite(
        name=name,
        adapter=_text(data, "adapter"),
        path=_text(data, "path"),
        id_from=_text(data, "id_from"),
        task_from=_text(data, "task_from"),
        score_from=_text(data, "score_from"),
        command=_texts(data, "command"),
        judge=MappingProxyType(dict(_mapping(data, "judge"))),
    )


def _metric(name: str, data: Data) -> Metric:
    settings = {key: value for key, value in data.items() if key not in ("source", "better")}
    return Metric(
        name=name,
        source=_text(data, "source"),
        better=_text(data, "better") or "lower",
        settings=MappingProxyType(settings),
    )


def _rollout(data: Data) -> Rollout | None:
    percent = data.get("percent")
    if not _text(data, "stage") or not _is_number(percent):
        return None
    hold = _mapping(data, "hold")
    return Rollout(
        stage=_text(data, "stage"),
        percent=Decimal(str(percent)),
        hold=Hold(
            by=_text(hold, "by"),
            reason=_text(hold, "reason"),
            since=_moment(hold.get("since")),
            until=_moment(hold.get("until")),
        )
        if hold
        else None,
    )


def _mapping(data: Data, key: str) -> Data:
    value = data.get(key)
    return value if isinstance(value, dict) else {}


def _list(data: Data, key: str) -> list[Any]:
    value = data.get(key)
    return value if isinstance(value, list) else []


def _items(data: Data, key: str) -> list[tuple[str, Data]]:
    return [(name, value) for name, value in _mapping(data, key).items() if isinstance(value, dict)]


def _pairs(data: Data, key: str) -> list[tuple[str, object]]:
    return list(_mapping(data, key).items())


def _text(data: Mapping[str, object], key: str) -> str:
    value = data.get(key)
    return value if isinstance(value, str) else ""


def _texts(data: Data, key: str) -> tuple[str, ...]:
    return tuple(item for item in _list(data, key) if isinstance(item, str))


def _whole(data: Data, key: str) -> int:
    value = data.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _quantity(parse: Callable[[object], T], value: object) -> T | None:
    if value is None:
        return None
    try:
        return parse(value)
    except quantity.QuantityError:
        return None


def _date(value: object) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _moment(value: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment and moment.tzinfo else None
