"""Which rows a dataset has, and the checks of a snapshot's responses against its population."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from evaltools.collect import complete
from evaltools.collect.model import Answers
from evaltools.errors import DataError, Fault, near
from evaltools.schema import fields
from evaltools.schema.model import REASON_SUFFIX, Questionnaire
from evaltools.store.model import Disposition, Response, Unit, WaveSnapshot

RESPONDED: Final[Disposition] = "submitted"
"""The one disposition that counts as response; see `store.model.Disposition`."""


@dataclass(frozen=True, slots=True)
class DataRow:
    """One row to be: its unit, its record ("" for a survey) and its answers (None: has not responded)."""

    unit: Unit
    record: str
    answers: Answers | None


def data_rows(questionnaire: Questionnaire, wave: WaveSnapshot) -> tuple[DataRow, ...]:
    """One row per unit of the population, or one per record of a registration; refuses what does not fit."""
    where = questionnaire.id
    units = {unit.code: unit for unit in wave.units}
    _check_units(wave, units, where)
    known = {field.name for field in fields(questionnaire)}
    known |= {rule.name + REASON_SUFFIX for rule in questionnaire.rules}
    for response in wave.responses:
        _check_names(response, known, where)
    if questionnaire.many_records:
        order = sorted(wave.responses, key=lambda response: (response.unit, response.record))
        return tuple(DataRow(units[each.unit], each.record, _answers(questionnaire, each)) for each in order)
    _check_one_each(wave, units, where)
    by_unit = {response.unit: response for response in wave.responses}
    return tuple(DataRow(unit, "", _answers(questionnaire, by_unit.get(code))) for code, unit in units.items())


def _answers(questionnaire: Questionnaire, response: Response | None) -> Answers | None:
    if response is None or response.disposition != RESPONDED:
        return None
    return complete(questionnaire, response.answers)


def _check_units(wave: WaveSnapshot, units: Collection[str], where: str) -> None:
    if len(units) < len(wave.units):
        twice = [code for code, times in Counter(unit.code for unit in wave.units).items() if times > 1]
        raise DataError(
            Fault("UNIT_TWICE", where, f"the population holds twice: {', '.join(twice)}", "Keep one row per unit.")
        )
    for response in wave.responses:
        if response.unit not in units:
            problem = f'there is a response from unit "{response.unit}", which the population does not have'
            raise DataError(Fault("RESPONSE_OUTSIDE_POPULATION", where, problem, near(response.unit, units)))


def _check_one_each(wave: WaveSnapshot, units: Collection[str], where: str) -> None:
    twice = sorted(unit for unit, times in Counter(each.unit for each in wave.responses).items() if times > 1)
    if not twice:
        return
    more = f", {len(wave.responses)} responses from {len(units)} units" if len(wave.responses) > len(units) else ""
    raise DataError(
        Fault(
            "MORE_RESPONSES_THAN_UNITS",
            where,
            f"more than one response from {', '.join(twice)}{more}",
            "Keep one response per unit, or say `records: many` in the questionnaire.",
        )
    )


def _check_names(response: Response, known: Collection[str], where: str) -> None:
    for name in response.answers:
        if name not in known:
            problem = f'unit {response.unit} has an answer to "{name}", which the questionnaire does not ask'
            raise DataError(Fault("UNKNOWN_FIELD", where, problem, near(name, known)))
