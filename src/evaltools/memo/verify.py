"""Runs the code that a register records again, on the recorded snapshot, and reports what differs."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from evaltools.errors import EvaltoolsError, Fault, MemoError
from evaltools.language.numbers import half_up
from evaltools.memo.expressions import Verbs, evaluate_code

_TOLERANCE: Final = 1e-9
_LARGEST: Final = 1e300
_MOST_DECIMALS: Final = 12
_META: Final[Mapping[str, type]] = {"snapshot_sha256": str, "store": str, "published": dict}


@dataclass(frozen=True, slots=True)
class Verification:
    """What a check of a register found: how many numbers were computed again, and each difference."""

    checked: int
    constants: int
    hidden: int
    differences: tuple[Fault, ...]


def read_register(path: Path) -> dict[str, Any]:
    """The register in a JSON file. Errors: MemoError NOT_A_REGISTER."""
    remedy = "Name the notat.json that a build wrote."
    try:
        content = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise MemoError(Fault("NOT_A_REGISTER", path.name, f"the file cannot be read: {error}", remedy)) from error
    if not _is_register(content):
        raise MemoError(Fault("NOT_A_REGISTER", path.name, "the file is not a register of numbers", remedy))
    found: dict[str, Any] = content
    return found


def _is_register(content: object) -> bool:
    """Whether a file holds what a build writes: it may have been made by anybody."""
    if not isinstance(content, dict):
        return False
    meta, numbers = content.get("meta"), content.get("numbers")
    if not isinstance(meta, dict) or not isinstance(numbers, list):
        return False
    told = all(isinstance(meta.get(name), kind) for name, kind in _META.items())
    return told and all(isinstance(entry, dict) and _is_entry(entry) for entry in numbers)


def _is_entry(entry: Mapping[str, Any]) -> bool:
    texts = all(isinstance(entry.get(name), str) for name in ("id", "code"))
    value = entry.get("value", "")
    number = isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < _LARGEST
    decimals = entry.get("decimals")
    rounded = decimals is None or (type(decimals) is int and 0 <= decimals <= _MOST_DECIMALS)
    return texts and rounded and isinstance(entry.get("forms"), dict) and (value is None or number)


def verify_register(content: Mapping[str, Any], verbs: Verbs, snapshot_sha256: str) -> Verification:
    """Compute every number again.

    content : the register. verbs : the verbs bound to the store's snapshot, whose hash is `snapshot_sha256`.
    A difference is a Fault SNAPSHOT_CHANGED or NUMBER_CHANGED that names the id.
    """
    differences: list[Fault] = []
    counts = {"checked": 0, "constants": 0, "hidden": 0}
    known: dict[str, object] = {}
    for entry in content["numbers"]:
        kind = _kind(entry)
        counts[kind] += 1
        if kind == "checked":
            differences.extend(_difference(entry, verbs, known))
    recorded = content["meta"]["snapshot_sha256"]
    if recorded != snapshot_sha256:
        problem = f"the store's snapshot is {snapshot_sha256[:12]}, the memo was made from {recorded[:12]}"
        differences.append(
            Fault("SNAPSHOT_CHANGED", "meta", problem, "Build the memo again, or find the store it was made from.")
        )
    return Verification(counts["checked"], counts["constants"], counts["hidden"], tuple(differences))


def _kind(entry: Mapping[str, Any]) -> str:
    if entry["value"] is None:
        return "hidden"
    return "constants" if not entry["code"] and entry.get("origin") == "published" else "checked"


def _difference(entry: Mapping[str, Any], verbs: Verbs, known: dict[str, object]) -> list[Fault]:
    remedy = "Build the memo again."
    try:
        now = evaluate_code(entry["code"], verbs, known)
    except EvaltoolsError as error:
        problem = f"its code no longer runs: {error.faults[0].problem}"
        return [Fault("NUMBER_CHANGED", entry["id"], problem, remedy)]
    if isinstance(now, (int, float)) and _same(now, entry):
        return []
    problem = f"the memo says {entry['value']}, the store gives {now}"
    return [Fault("NUMBER_CHANGED", entry["id"], problem, remedy)]


def _same(now: float, entry: Mapping[str, Any]) -> bool:
    """Whether a number computed again is the recorded one. Weighted numbers are recorded rounded."""
    decimals = entry.get("decimals")
    again = now if decimals is None or not math.isfinite(now) else float(half_up(now, decimals))
    return math.isclose(again, entry["value"], rel_tol=_TOLERANCE, abs_tol=_TOLERANCE)


def compare_shown(content: Mapping[str, Any], shown: Mapping[str, str]) -> tuple[Fault, ...]:
    """Numbers that stand otherwise in a memo file than in its register: changed by hand, or unknown.

    shown : tag `tal:<id>` or `tal:<id>~<form>` -> text, as `document.read_numbers` gives it.
    """
    numbers = {entry["id"]: entry for entry in content["numbers"]}
    faults = []
    for tag, text in shown.items():
        number_id, _, form = tag.removeprefix("tal:").partition("~")
        expected = numbers.get(number_id, {}).get("forms", {}).get(form)
        if expected is None:
            faults.append(
                Fault("UNKNOWN_NUMBER", number_id, "the register has no such number", "Build the memo again.")
            )
        elif expected != text:
            problem = f'the file says "{text}", the register "{expected}"'
            faults.append(
                Fault("EDITED_NUMBER", number_id, problem, "Put the number back, or change what it is made from.")
            )
    return tuple(faults)
