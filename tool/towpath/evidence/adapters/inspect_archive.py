"""Inspect's `.eval` files: a zip of JSON members, compressed with zstandard.

Python 3.11's zipfile reads the directory of such an archive, but cannot unpack its members.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import TYPE_CHECKING, Any

from towpath.evidence.json_document import json_document

if TYPE_CHECKING:
    from towpath.evidence.results import ResultFile

MAGIC = b"PK\x03\x04"
HEADER = "header.json"
_SAMPLES = "samples/"
_ZSTANDARD = 93
_MOST_BYTES = 1_000_000_000
"""Unpacked, all members together: a small archive may unfold to anything."""

_LOCAL_HEADER = 30


def log_of(file: ResultFile, expects: str) -> dict[str, Any]:
    """The log as Inspect's JSON has it: the header, with the samples in it.

    Raises:
        EvidenceRefused: no archive, damaged, without header, or unpacking to more than a gigabyte.
    """
    left = _MOST_BYTES
    members: dict[str, bytes] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(file.data)) as archive:
            for info in archive.infolist():
                if info.filename != HEADER and not (
                    info.filename.startswith(_SAMPLES) and info.filename.endswith(".json")
                ):
                    continue
                if info.filename in members:
                    file.refuse(f"has the member {info.filename} twice", "have Inspect write the log again")
                data = _unpacked(file, archive, info, left)
                left -= len(data)
                members[info.filename] = data
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, zlib.error, EOFError, OSError) as problem:
        file.refuse(f"cannot be unpacked: {problem}", "the file may be cut off; have Inspect write the log again")
    if HEADER not in members:
        file.refuse(f"has no {HEADER}: the evaluation did not end", expects)
    document = json_document(file, expects, data=members.pop(HEADER), nan_is_none=True)
    document["samples"] = [
        json_document(file, expects, data=members[name], nan_is_none=True) for name in sorted(members)
    ]
    return document


def _unpacked(file: ResultFile, archive: zipfile.ZipFile, info: zipfile.ZipInfo, most: int) -> bytes:
    if info.file_size > most:
        file.refuse("unpacks to more than a gigabyte", "convert it with: inspect log convert --to json")
    if info.compress_type != _ZSTANDARD:
        return archive.read(info)
    import zstandard

    # the sizes of name and extra field stand in the local header, and may differ from the central directory's
    local = file.data[info.header_offset : info.header_offset + _LOCAL_HEADER]
    if len(local) < _LOCAL_HEADER or not local.startswith(MAGIC):
        file.refuse(f"has a damaged member {info.filename}", "have Inspect write the log again")
    start = info.header_offset + _LOCAL_HEADER + int.from_bytes(local[26:28], "little")
    start += int.from_bytes(local[28:30], "little")
    packed = file.data[start : start + info.compress_size]
    try:
        data: bytes = zstandard.ZstdDecompressor().stream_reader(packed).read(info.file_size + 1)
    except zstandard.ZstdError as problem:
        file.refuse(f"has a damaged member {info.filename}: {problem}", "have Inspect write the log again")
    if len(data) != info.file_size or zlib.crc32(data) != info.CRC:
        file.refuse(f"has a damaged member {info.filename}", "have Inspect write the log again")
    return data
