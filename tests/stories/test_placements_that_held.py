"""From a municipality's register of placements to a traced number: loaded, followed, released, drawn, computed again."""

from __future__ import annotations

from pathlib import Path

import pytest

import evaltools as ev
from evaltools.cli import main
from evaltools.estimate import Curve, Estimate, durations
from evaltools.estimate.durations import Spells
from evaltools.memo.expressions import evaluate_code
from evaltools.memo.verify import verify_register
from evaltools.notebook.verbs import recorded_verbs
from evaltools.present import Number, release

PROJECT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with made-up placements of four municipalities."""
    path = tmp_path_factory.mktemp("placements") / "answers.db"
    assert main(["rehearse", str(PROJECT / "surveys" / "placement_followup" / "1"), "--store", str(path)]) == 0
    return path


@pytest.fixture
def placements(store: Path, monkeypatch: pytest.MonkeyPatch) -> Spells:
    monkeypatch.setenv("EVALTOOLS_STORE", str(store))
    return durations.spells(
        ev.load("placement_followup/1"), start="start_month", end="end_month", ending="end_type",
        endings=durations.BREAKDOWN_OR_NOT, entry="followed_from", until="2018-12", missing="leave_out",
    )  # fmt: skip


def numbers(spells: Spells) -> list[Number]:
    """A number of each kind that a chapter may tell."""
    curves: list[tuple[Curve, dict[str, str]]] = [
        (durations.kaplan_meier(spells), {}),
        (durations.kaplan_meier(durations.after(spells, 6), ending="breakdown"), {}),
        (durations.cumulative_incidence(spells), {"ending": "breakdown"}),
    ]
    results: list[Estimate] = [
        durations.median(spells),
        durations.restricted_mean(spells, until=24),
        durations.breakdown_rate(spells, ending="breakdown"),
        durations.ended_share(spells, ending="breakdown"),
    ]
    ratios = durations.hazard_ratios(durations.cox(spells, "placement_type", ending="breakdown"))
    test = durations.log_rank(spells, "placement_type", ending="breakdown")
    return [
        *(ev.number(release(curve), language="da", at="24", **line) for curve, line in curves),
        *(ev.number(release(result)) for result in results),
        ev.number(release(ratios), language="da", **dict(ratios.rows[0].coordinates)),
        ev.number(release(test), column="p_value"),
    ]


def test_every_number_is_computed_again_from_its_code_and_a_false_one_is_found(store: Path, placements: Spells) -> None:
    verbs = recorded_verbs(ev.open_snapshot(store), {})
    known: dict[str, object] = {}
    for number in numbers(placements):
        assert number.value is not None, number.label
        assert evaluate_code(number.source.code, verbs, known) == pytest.approx(number.value, rel=1e-12)
    one = numbers(placements)[0]
    entry = {"id": "x", "value": (one.value or 0) + 1, "code": one.source.code, "forms": {"": "1"}}
    meta = {"snapshot_sha256": "", "store": str(store), "published": {}}
    found = verify_register({"meta": meta, "numbers": [entry]}, verbs, "").differences
    assert [fault.code for fault in found] == ["NUMBER_CHANGED"]


def test_a_registration_brings_its_words_its_marks_and_its_secrecy(placements: Spells) -> None:
    figure = ev.step_chart(ev.release(durations.cumulative_incidence(placements)), "Sådan slutter anbringelser")
    assert placements.source.confidentiality == "children"
    assert "Opfølgning på anbringelser" in figure.note
    assert "Øvelsesdata" in figure.title
    assert "Sammenbrud" in figure.svg
    rates = durations.breakdown_rate(placements, ending="breakdown", by="placement_type")
    assert "Almen plejefamilie" in {row.labels[0] for row in rates.rows}
    hidden = release(rates).hidden
    assert {place for place, row in enumerate(rates.rows) if 0 < (row.count or 0) < 5} <= hidden
