"""The answers of a wave as a file, made in the child process from a snapshot."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

from evaltools.provenance import sha256_of
from evaltools.store import Snapshot, open_store, take_snapshot, write_snapshot
from evaltools.store.snapshot_file import snapshot_content


def export_wave(path: Path, survey: str, wave: str) -> bytes:
    """The snapshot of one wave of the store in a file, as `read_snapshot` reads it."""
    with open_store(path) as store:
        whole = take_snapshot(store)
    part = Snapshot(tuple(one for one in whole.waves if (one.survey, one.wave) == (survey, wave)), whole.heads, "")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "snapshot.json"
        write_snapshot(replace(part, sha256=sha256_of(snapshot_content(part))), file)
        return file.read_bytes()
