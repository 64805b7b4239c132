"""A snapshot as a JSON file, whole or not at all, and back."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from evaltools.collect import value_from_json, value_to_json
from evaltools.errors import Fault, StoreError
from evaltools.provenance import canonical_json, sha256_of
from evaltools.store.keeping.statistics import refuse_in_statistics_mode
from evaltools.store.model import Response, Snapshot, Unit, WaveSnapshot
from evaltools.store.moments import moment, moment_text

FORMAT: Final = "evaltools snapshot 1"


def write_snapshot(snapshot: Snapshot, path: Path | str, *, private: bool = False) -> None:
    """Write a snapshot to a JSON file; an earlier file is replaced only when the new one is complete.

    private : for the build of a memo, in a folder that only the build sees and that goes when it ends.
    Raises: `StoreError` STATISTICS_MODE unless it is private, SNAPSHOT_NOT_WRITTEN.
    """
    place = Path(path)
    for wave in () if private else snapshot.waves:
        refuse_in_statistics_mode(f"{wave.survey}/{wave.wave}", wave.mode)
    aside = place.with_name(f".{place.name}.part")
    content = snapshot_content(snapshot) | {"sha256": snapshot.sha256}
    try:
        with aside.open("w", encoding="utf-8", newline="\n") as file:
            file.write(canonical_json(content) + "\n")
            file.flush()
            os.fsync(file.fileno())
        aside.replace(place)
    except OSError as error:
        aside.unlink(missing_ok=True)
        remedy = "Free some space, or name a folder you may write in; an earlier file is unchanged."
        raise StoreError(
            Fault("SNAPSHOT_NOT_WRITTEN", str(place), f"could not be written ({error})", remedy)
        ) from error


def read_snapshot(path: Path | str) -> Snapshot:
    """The snapshot in a JSON file.

    Raises: `StoreError` NO_SNAPSHOT, NOT_A_SNAPSHOT, SNAPSHOT_CHANGED (its content no longer fits its hash).
    """
    place = Path(path)
    content = _content(place)
    recorded = content.pop("sha256")
    if sha256_of(content) != recorded:
        problem = "the content of this snapshot has been changed since it was written"
        raise StoreError(Fault("SNAPSHOT_CHANGED", str(place), problem, "Take a new one from the store."))
    waves = tuple(_wave_from(wave) for wave in content["waves"])
    return Snapshot(waves, content["heads"], recorded)


def _content(place: Path) -> dict[str, Any]:
    if not place.exists():
        remedy = "Check the path; `evaltools memo` writes one beside the memo."
        raise StoreError(Fault("NO_SNAPSHOT", str(place), "there is no snapshot here", remedy))
    try:
        content = json.loads(place.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise StoreError(_not_a_snapshot(place)) from error
    if not isinstance(content, dict) or content.get("format") != FORMAT or "sha256" not in content:
        raise StoreError(_not_a_snapshot(place))
    return content


def _not_a_snapshot(place: Path) -> Fault:
    return Fault("NOT_A_SNAPSHOT", str(place), "this is not a snapshot", "Name a file that `write_snapshot` has made.")


def snapshot_content(snapshot: Snapshot) -> dict[str, object]:
    """What the hash of a snapshot is made of, as plain JSON values."""
    return {
        "format": FORMAT,
        "waves": [_wave_content(wave) for wave in snapshot.waves],
        "heads": dict(snapshot.heads),
    }


def _wave_content(wave: WaveSnapshot) -> dict[str, object]:
    mode: dict[str, object] = {} if wave.mode == "answers" else {"mode": wave.mode}
    return mode | {
        "survey": wave.survey,
        "wave": wave.wave,
        "origin": wave.origin,
        "schema_sha256": wave.schema_sha256,
        "questionnaire": wave.questionnaire,
        "units": [
            {"code": unit.code, "name": unit.name, "frame": dict(unit.frame), "aliases": list(unit.aliases)}
            for unit in wave.units
        ],
        "responses": [_response_content(response) for response in wave.responses],
    }


def _response_content(response: Response) -> dict[str, object]:
    return {
        "unit": response.unit,
        "record": response.record,
        "disposition": response.disposition,
        "answers": {field: value_to_json(value) for field, value in response.answers.items()},
        "version": response.version,
        "submitted_at": None if response.submitted_at is None else moment_text(response.submitted_at),
        "channel": response.channel,
    }


def _wave_from(content: Mapping[str, Any]) -> WaveSnapshot:
    survey, wave = content["survey"], content["wave"]
    units = tuple(Unit(one["code"], one["name"], one["frame"], tuple(one["aliases"])) for one in content["units"])
    responses = tuple(
        Response(
            survey=survey,
            wave=wave,
            unit=one["unit"],
            record=one["record"],
            disposition=one["disposition"],
            answers={field: value_from_json(value) for field, value in one["answers"].items()},
            version=one["version"],
            submitted_at=None if one["submitted_at"] is None else moment(one["submitted_at"]),
            channel=one["channel"],
        )
        for one in content["responses"]
    )
    return WaveSnapshot(
        survey,
        wave,
        content["origin"],
        content["schema_sha256"],
        content["questionnaire"],
        units,
        responses,
        content.get("mode", "answers"),
    )
