"""One runbook -> the next one of the same feature.

Its comments, checks and stages stay; what belongs to the old migration goes.
"""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING, Any

from towpath.document.drafting import TaskAnswer, margin_text, split_model

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from towpath.document.drafting import PriceAnswer, SuiteAnswer


def successor_text(
    text: str,
    *,
    runbook_id: str,
    candidate: str,
    today: date,
    baseline: str = "",
    feature: str = "",
    reason: str = "",
    watch: str = "",
    watch_why: str = "",
    users_per_month: int = 0,
    calls_per_day: int = 0,
    retires: date | None = None,
    owners: tuple[str, ...] = (),
    incidents: tuple[str, ...] = (),
    tasks: tuple[TaskAnswer, ...] = (),
    suites: tuple[SuiteAnswer, ...] = (),
    prices: Mapping[str, PriceAnswer] | None = None,
) -> str:
    """The text of a runbook made from another one.

    The new baseline is the old candidate unless it is named. Id, salt, title, incidents and rollout start anew.

    Args:
        text: a runbook without findings.
        suites: these are replaced or added, by name; what is empty stays as it was.
        tasks: the same.
        prices: model -> price; a new model without one is looked up in the price catalogue of `today`.
    """
    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 4096
    # block lists are written as people write them: the dash below the key, two spaces in
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.representer.add_representer(type(None), _null)
    data: Any = yaml.load(text)
    data["id"] = runbook_id
    data.setdefault("cohort", _line({"unit": "user"}))["salt"] = runbook_id
    _set(data, {"reason": reason or "upgrade", "owners": list(owners) or None, "incidents": list(incidents) or None})
    if not incidents:
        data.pop("incidents", None)
    data.pop("draft", None)
    _set(data["feature"], {"name": feature, "users_per_month": users_per_month or None, "calls_per_day": calls_per_day})
    _succeed_arms(data["arms"], baseline, candidate, dict(prices or {}), today, retires)
    for task in tasks:
        data["tasks"][task.id] = _line({"margin": margin_text(task)} if task.load_bearing else {"load_bearing": False})
    if watch or watch_why:
        _set(data.setdefault("watch", {}), {"task": watch, "why": watch_why})
    for suite in suites:
        data.setdefault("suites", {})[suite.name] = _line({"adapter": suite.adapter, "path": suite.path})
    for key, value in {"stage": "planned", "percent": 0, "hold": None}.items():
        data["rollout"][key] = value
    names = (data["arms"][arm]["model"]["id"] for arm in ("baseline", "candidate"))
    data["title"] = f"{data['feature']['name']} moves from {' to '.join(names)}"
    result = StringIO()
    yaml.dump(data, result)
    return result.getvalue()


def _set(data: Any, entries: Mapping[str, object]) -> None:
    for key, value in entries.items():
        if value:
            data[key] = _row(value) if isinstance(value, list) else value


def _succeed_arms(
    arms: Any, baseline: str, candidate: str, prices: dict[str, PriceAnswer], today: date, retires: date | None
) -> None:
    """The old candidate becomes the baseline; the new candidate keeps what the old one had beside its model."""
    from copy import deepcopy

    old = arms["candidate"]
    arms["baseline"] = deepcopy(old)
    arms.pop("fallback", None)
    if baseline:
        _name(arms["baseline"], baseline, prices, today)
    if retires:
        arms["baseline"]["model"]["retires"] = retires
    _name(old, candidate, prices, today)


def _name(arm: Any, model: str, prices: dict[str, PriceAnswer], today: date) -> None:
    provider, name = split_model(model)
    price = prices.get(model) or prices.get(name)
    if arm["model"]["id"] != name or arm["model"]["provider"] != provider:
        # when it is switched off and which revision it was were said of the other model
        arm["model"].pop("retires", None)
        arm.pop("revision", None)
        _price(arm, {"catalog": today})
    arm["model"]["provider"], arm["model"]["id"] = provider, name
    if price is not None:
        amounts = {"input": f"{price.input:f} USD/Mtok", "output": f"{price.output:f} USD/Mtok"}
        _price(arm, {**amounts, "source": "price list", "as_of": today})


def _price(arm: Any, price: Mapping[str, object]) -> None:
    # a comment beside the old price speaks of the old model
    arm.ca.items.pop("price", None)
    arm["price"] = _line(price)


def _line(entries: Mapping[str, object]) -> Any:
    """A mapping that is written on one line."""
    from ruamel.yaml.comments import CommentedMap

    mapping = CommentedMap(entries)
    mapping.fa.set_flow_style()
    return mapping


def _row(items: list[object]) -> Any:
    """A list that is written on one line."""
    from ruamel.yaml.comments import CommentedSeq

    row = CommentedSeq(items)
    row.fa.set_flow_style()
    return row


def _null(representer: Any, _: None) -> Any:
    return representer.represent_scalar("tag:yaml.org,2002:null", "null")
