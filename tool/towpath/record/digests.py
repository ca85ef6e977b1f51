"""The two names of a file's bytes: sha256 for strength, git's blob id because history is indexed by it."""

from __future__ import annotations

import hashlib

from towpath.model.record import Digest, Subject


def digest_of(data: bytes) -> Digest:
    """Both digests, in hexadecimal."""
    # a blob's id is a sha1 over a header and the bytes (git's object format, Documentation/gitformat-loose)
    blob = hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()
    return Digest(sha256=hashlib.sha256(data).hexdigest(), git_blob=blob)


def subject_of(path: str, data: bytes) -> Subject:
    """A file as a record names it."""
    return Subject(path=path, digest=digest_of(data))
