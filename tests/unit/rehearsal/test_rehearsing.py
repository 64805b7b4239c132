import difflib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from evaltools.errors import StoreError
from evaltools.rehearsal import invented_units, rehearse
from evaltools.schema import Questionnaire
from evaltools.schema.model import REASON_SUFFIX
from evaltools.schema.tree import Answer, Call
from evaltools.store import Snapshot, Store, Unit, open_store, read_units, take_snapshot, verify_store
from tiny_survey import WHEN, tiny, write_tiny

ROOT = Path(__file__).parents[3]
WAVES = ("tiny/2018", "tiny/2015", "visits/1")


@pytest.fixture(scope="module")
def units() -> tuple[Unit, ...]:
    return read_units(ROOT / "data_dictionary" / "codelists" / "municipalities.csv")


@pytest.fixture(scope="module")
def questionnaires(tmp_path_factory: pytest.TempPathFactory) -> list[Questionnaire]:
    root = tmp_path_factory.mktemp("tiny")
    write_tiny(root)
    return [tiny(root, name) for name in WAVES]


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "rehearsal.db", create=True) as store:
        yield store


def rehearsed(path: Path, questionnaires: list[Questionnaire], units: tuple[Unit, ...], seed: int) -> Snapshot:
    with open_store(path, create=True) as store:
        rehearse(store, questionnaires, units, seed=seed, at=WHEN)
        return take_snapshot(store)


def test_a_survey_without_settings_of_its_own_is_rehearsed_from_its_schema_alone(
    empty: Store, questionnaires: list[Questionnaire], units: tuple[Unit, ...]
) -> None:
    lines: list[str] = []
    result = rehearse(empty, questionnaires, units, seed=3, at=WHEN, progress=lines.append)
    assert [wave.id for wave in result.waves] == ["tiny/2015", "tiny/2018", "visits/1"]
    assert len(lines) == 3
    for wave in result.waves[:2]:
        assert 0.20 <= 1 - wave.submitted / wave.units <= 0.35
        assert wave.partial > 0
    assert result.waves[2].records > 20
    snapshot = take_snapshot(empty)
    assert {wave.origin for wave in snapshot.waves} == {"rehearsal"}
    assert verify_store(empty) == ()
    assert {one.disposition for one in snapshot.waves[1].responses} == {"submitted", "partial", "refused"}


def test_equal_seeds_give_equal_stores_whatever_else_is_rehearsed(
    tmp_path: Path, questionnaires: list[Questionnaire], units: tuple[Unit, ...]
) -> None:
    first = rehearsed(tmp_path / "a.db", questionnaires, units, 3)
    assert rehearsed(tmp_path / "b.db", questionnaires[::-1], units, 3) == first
    assert rehearsed(tmp_path / "c.db", questionnaires, units, 4).sha256 != first.sha256
    alone = rehearsed(tmp_path / "d.db", questionnaires[1:2], units, 3)
    assert [one.answers for one in alone.waves[0].responses] == [one.answers for one in first.waves[0].responses]


def test_made_up_words_say_that_they_are_made_up(
    empty: Store, questionnaires: list[Questionnaire], units: tuple[Unit, ...]
) -> None:
    rehearse(empty, questionnaires, units, seed=3, at=WHEN)
    responses = [one for wave in take_snapshot(empty).waves for one in wave.responses]
    words = [
        str(value)
        for one in responses
        for field, value in one.answers.items()
        if field in ("remark", "words") or field.endswith(REASON_SUFFIX)
    ]
    assert words
    assert all("ØVELSE" in each for each in words)


def test_the_waves_of_a_panel_resemble_one_another(
    empty: Store, questionnaires: list[Questionnaire], units: tuple[Unit, ...]
) -> None:
    rehearse(empty, questionnaires, units, seed=3, at=WHEN)
    stages = [
        {one.unit: one.answers.get("stage") for one in wave.responses if one.disposition == "submitted"}
        for wave in take_snapshot(empty).waves[:2]
    ]
    both = [(stages[0][unit], stages[1][unit]) for unit in set(stages[0]) & set(stages[1])]
    assert sum(left == right for left, right in both) / len(both) > 0.6


def test_rules_that_leave_no_answer_are_named(
    empty: Store, questionnaires: list[Questionnaire], units: tuple[Unit, ...]
) -> None:
    impossible = questionnaires[0]
    unlike_itself = Call("!=", (Answer("network"), Answer("network")))
    never = tuple(replace(rule, condition=unlike_itself) for rule in impossible.rules if rule.level == "stop")
    required = tuple(
        replace(section, items=tuple(replace(item, required=item.name == "network") for item in section.items))
        for section in impossible.sections
    )
    broken = replace(impossible, rules=never, sections=required, content_sha256="0" * 64)
    with pytest.raises(StoreError) as caught:
        rehearse(empty, [broken], units, seed=3, at=WHEN)
    assert caught.value.code == "CANNOT_BE_ANSWERED"


def test_made_up_answers_that_the_store_refuses_are_a_fault_of_ours(
    empty: Store, questionnaires: list[Questionnaire], units: tuple[Unit, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("evaltools.rehearsal.answering.check_answers", lambda *_, **__: ())
    with pytest.raises(StoreError) as caught:
        rehearse(empty, questionnaires[:1], units, seed=3, at=WHEN)
    assert caught.value.code == "REHEARSAL_REFUSED"
    assert "network" in str(caught.value)
    assert take_snapshot(empty).waves[0].responses != ()


def test_invented_units_keep_the_frame_and_nothing_else(units: tuple[Unit, ...]) -> None:
    invented = invented_units(units)
    assert [unit.code for unit in invented] == [str(code) for code in range(9001, 9099)]
    assert len({unit.name for unit in invented}) == len({unit.frame["label"] for unit in invented}) == 98
    for column in ("region", "group", "size", "landsdel", "tile_row", "tile_col"):
        assert [unit.frame[column] for unit in invented] == [unit.frame[column] for unit in units]
    assert {unit.frame["label"] for unit in invented} & {unit.frame["label"] for unit in units} == set()
    assert all(unit.aliases == () for unit in invented)


def test_no_invented_name_resembles_a_real_one(units: tuple[Unit, ...]) -> None:
    real = [name.casefold() for unit in units for name in (unit.name, *unit.aliases) if len(name) > 3]
    for unit in invented_units(units):
        alike = max(difflib.SequenceMatcher(None, unit.name.casefold(), name).ratio() for name in real)
        assert alike < 0.7, unit.name


def test_more_units_than_invented_names_are_refused(units: tuple[Unit, ...]) -> None:
    with pytest.raises(StoreError) as caught:
        invented_units([*units, units[0]])
    assert caught.value.code == "TOO_MANY_UNITS"
