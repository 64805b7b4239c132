"""A register is verified by computing its numbers again."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from evaltools.errors import DesignError, Fault, MemoError
from evaltools.memo.assemble import assemble
from evaltools.memo.model import Entry, Register
from evaltools.memo.register import register_to_json
from evaltools.memo.verify import compare_shown, read_register, verify_register
from memo_fixtures import PAGE, PROVENANCE, number

DOCUMENT = assemble((), PAGE, PROVENANCE).document
CONTENT = register_to_json(Register({"use": Entry("use", number(), "01")}), PROVENANCE, DOCUMENT)


class _Row:
    def __init__(self, estimate: float) -> None:
        self.estimate = estimate


class _Result:
    def __init__(self, estimate: float) -> None:
        self.estimate = estimate

    def row(self, category: str) -> _Row:
        assert category == "1"
        return _Row(self.estimate)


def verbs(estimate: float) -> dict[str, object]:
    return {"load": lambda wave: wave, "proportion": lambda data, variable: _Result(estimate)}


def test_the_same_store_gives_the_same_numbers() -> None:
    result = verify_register(CONTENT, verbs(0.5), "ab" * 32)  # type: ignore[arg-type]
    assert (result.checked, result.differences) == (1, ())


def test_another_value_is_a_difference_that_names_the_id() -> None:
    (difference,) = verify_register(CONTENT, verbs(0.51), "ab" * 32).differences  # type: ignore[arg-type]
    assert (difference.code, difference.where) == ("NUMBER_CHANGED", "use")


def test_another_snapshot_is_told() -> None:
    (difference,) = verify_register(CONTENT, verbs(0.5), "ef" * 32).differences  # type: ignore[arg-type]
    assert difference.code == "SNAPSHOT_CHANGED"


def test_code_that_no_longer_runs_is_a_difference() -> None:
    def fail(wave: str) -> None:
        raise DesignError(Fault("NO_SUCH_VARIABLE", "x", "there is no such variable", "Name another."))

    (difference,) = verify_register(CONTENT, {**verbs(0.5), "load": fail}, "ab" * 32).differences  # type: ignore[dict-item]
    assert difference.code == "NUMBER_CHANGED"


def test_a_number_changed_by_hand_in_a_memo_file_is_found() -> None:
    shown = {"tal:use": "51 pct.", "tal:use~n": "20", "tal:other": "1"}
    assert [fault.code for fault in compare_shown(CONTENT, shown)] == ["EDITED_NUMBER", "UNKNOWN_NUMBER"]


@pytest.mark.parametrize("content", ["{", "[]", json.dumps({"meta": {}})])
def test_a_file_that_is_no_register_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "notat.json"
    path.write_text(content, "utf-8")
    with pytest.raises(MemoError) as caught:
        read_register(path)
    assert caught.value.code == "NOT_A_REGISTER"


def test_a_weighted_number_is_held_rounded_and_computed_again_the_same_way() -> None:
    rounded = register_to_json(
        Register({"use": Entry("use", replace(number(51.0, "51 pct."), decimals=0), "01")}), PROVENANCE, DOCUMENT
    )
    same = verify_register(rounded, verbs(51.4), "ab" * 32)  # type: ignore[arg-type]  # stand-ins for verbs
    other = verify_register(rounded, verbs(51.6), "ab" * 32)  # type: ignore[arg-type]  # stand-ins for verbs
    assert (same.differences, len(other.differences)) == ((), 1)


@pytest.mark.parametrize("decimals", [-300, 2.5, "0", True])
def test_a_register_that_would_round_differences_away_is_refused(tmp_path: Path, decimals: object) -> None:
    forged = json.loads(json.dumps(CONTENT))
    forged["numbers"][0]["decimals"] = decimals
    path = tmp_path / "notat.json"
    path.write_text(json.dumps(forged), "utf-8")
    with pytest.raises(MemoError):
        read_register(path)
