"""Renderers, one per router. Adding one is writing its module and listing it here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from towpath.traffic.exporters import flagd

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from towpath.traffic.routing import Routing

EXPORTERS: Mapping[str, Callable[[Routing], bytes]] = {"flagd": flagd.render}
"""Target of an export in a runbook -> pure renderer of its file."""
