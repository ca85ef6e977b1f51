"""One JSON document as a tool wrote it, with the refusals all adapters share."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from towpath.evidence.results import ResultFile


def json_document(
    file: ResultFile, expects: str, *, data: bytes | None = None, nan_is_none: bool = False
) -> dict[str, Any]:
    """The document.

    Args:
        data: the bytes when they are not the file's own, such as one member of an archive.
        nan_is_none: for tools that write NaN where there is no value; elsewhere NaN is refused.

    Raises:
        EvidenceRefused: not UTF-8, not JSON (a cut-off file), a NaN, or no JSON object.
    """

    def constant(text: str) -> None:
        if not (nan_is_none and text == "NaN"):
            file.refuse(f"{text} is not a number", "a score could not be computed; look for it in the file")

    try:
        document = json.loads((file.data if data is None else data).decode("utf-8-sig"), parse_constant=constant)
    except UnicodeDecodeError as problem:
        file.refuse(f"is not UTF-8 at byte {problem.start}")
    except (json.JSONDecodeError, RecursionError) as problem:
        file.refuse(f"is not JSON: {problem}", "the file may be cut off; have the tool write it again")
    if not isinstance(document, dict):
        file.refuse("is no JSON object", expects)
    return document
