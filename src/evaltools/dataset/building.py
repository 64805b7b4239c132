"""A snapshot made into a dataset: one row per unit of the population, every missing value with its kind."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from evaltools.dataset.columns import column
from evaltools.dataset.model import Dataset
from evaltools.dataset.responses import RESPONDED, DataRow, data_rows
from evaltools.errors import DataError, Fault, near
from evaltools.schema import survey_from_source, variables
from evaltools.schema.model import Questionnaire, Variable
from evaltools.store.model import Snapshot, Unit, WaveSnapshot


def build_dataset(survey: Questionnaire | str, snapshot: Snapshot) -> Dataset:
    """Make the labelled data of one wave, as it was at the moment of the snapshot.

    survey : a questionnaire or its id, such as `network_methods/2018`. What the data mean is always read from
        the snapshot's own questionnaire; one that is passed in must be the same.

    Returns a `Dataset` with one row per unit of the population (nonrespondents have kind `unit_nonresponse`
    everywhere), or one per record of a registration. Only a submitted response counts as response.

    Raises `DataError`: NO_SUCH_WAVE, OTHER_QUESTIONNAIRE, UNIT_TWICE, RESPONSE_OUTSIDE_POPULATION,
    MORE_RESPONSES_THAN_UNITS, UNKNOWN_FIELD, UNKNOWN_CODE, ANSWER_OF_OTHER_TYPE, NAME_TWICE.

    >>> from evaltools.schema import read_survey
    >>> asked = read_survey("surveys/network_methods/2018")
    >>> units = (Unit("101", "København", {"region": "Hovedstaden"}),)
    >>> wave = WaveSnapshot("network_methods", "2018", "rehearsal", asked.content_sha256, asked.source, units, ())
    >>> data = build_dataset("network_methods/2018", Snapshot((wave,), {}, ""))
    >>> data.frame["responded"].tolist(), data.missing["b1_stage_m1"].tolist()
    ([False], [-3])
    """
    wave = _wave(survey if isinstance(survey, str) else survey.id, snapshot)
    questionnaire = _questionnaire(survey, wave)
    rows = data_rows(questionnaire, wave)
    named = {variable.name: variable for variable in variables(questionnaire)}
    frame_columns = _frame_columns(wave.units, named, questionnaire.id)
    index = _index(rows, questionnaire.many_records)
    frame, missing = _frames(named, rows, index, questionnaire.id)
    described = _described([row.unit for row in rows], [row.answers is not None for row in rows], frame_columns, index)
    return Dataset(
        questionnaire=questionnaire,
        # in one piece, or pandas warns whoever adds a column
        frame=pd.concat([described, frame], axis="columns").copy(),
        missing=missing,
        variables=named,
        families=_families(named.values()),
        frame_columns=frame_columns,
        origin=wave.origin,
        snapshot_sha256=snapshot.sha256,
        code=f'load("{questionnaire.id}")',
        population=_population(wave.units, rows, frame_columns),
        mode=wave.mode,
        submitted_at=_submitted_at(questionnaire, wave),
    )


def _submitted_at(questionnaire: Questionnaire, wave: WaveSnapshot) -> dict[str, dt.datetime]:
    """When each unit submitted, for those that count as response."""
    if questionnaire.many_records:
        return {}
    return {
        response.unit: response.submitted_at
        for response in wave.responses
        if response.disposition == RESPONDED and response.submitted_at is not None
    }


def _wave(identity: str, snapshot: Snapshot) -> WaveSnapshot:
    known = {f"{wave.survey}/{wave.wave}": wave for wave in snapshot.waves}
    if identity not in known:
        problem = f'the snapshot has no wave "{identity}"'
        raise DataError(Fault("NO_SUCH_WAVE", "snapshot", problem, near(identity, known)))
    return known[identity]


def _questionnaire(survey: Questionnaire | str, wave: WaveSnapshot) -> Questionnaire:
    if isinstance(survey, str):
        return survey_from_source(wave.questionnaire)
    if survey.content_sha256 == wave.schema_sha256:
        return survey
    raise DataError(
        Fault(
            "OTHER_QUESTIONNAIRE",
            survey.id,
            "the questionnaire is not the one that the answers in the snapshot were given to",
            f'Write build_dataset("{survey.id}", snapshot): the snapshot holds its own questionnaire.',
        )
    )


def _index(rows: Sequence[DataRow], many_records: bool) -> pd.Index:
    units = pd.Index([row.unit.code for row in rows], dtype="str", name="unit")
    if not many_records:
        return units
    records = pd.Index([row.record for row in rows], dtype="str", name="record")
    return pd.MultiIndex.from_arrays([units, records])


def _frames(
    named: Mapping[str, Variable], rows: Sequence[DataRow], index: pd.Index, where: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    answers = [row.answers for row in rows]
    columns = {name: column(variable, answers, where) for name, variable in named.items()}
    values = pd.DataFrame({name: series.array for name, (series, _) in columns.items()}, index=index)
    return values, pd.DataFrame({name: kinds for name, (_, kinds) in columns.items()}, index=index)


def _frame_columns(units: Sequence[Unit], named: Mapping[str, Variable], where: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(["name", *(key for unit in units for key in unit.frame)]))
    for name in (*names, "responded", "unit", "record"):
        if name in named:
            problem = f'"{name}" is both a question and a column of the population'
            raise DataError(Fault("NAME_TWICE", where, problem, "Give the column of the population another name."))
    return names


def _described(
    units: Sequence[Unit], responded: Sequence[bool], frame_columns: Sequence[str], index: pd.Index
) -> pd.DataFrame:
    texts = {
        name: pd.array([unit.name if name == "name" else unit.frame.get(name) for unit in units], dtype="str")
        for name in frame_columns
    }
    return pd.DataFrame({**texts, "responded": pd.array(responded, dtype="bool")}, index=index)


def _population(units: Sequence[Unit], rows: Sequence[DataRow], frame_columns: Sequence[str]) -> pd.DataFrame:
    responded = {row.unit.code for row in rows if row.answers is not None}
    index = pd.Index([unit.code for unit in units], dtype="str", name="unit")
    return _described(units, [unit.code in responded for unit in units], frame_columns, index)


def _families(variables_: Iterable[Variable]) -> dict[str, tuple[str, ...]]:
    families: dict[str, list[str]] = {}
    for variable in variables_:
        field = variable.field
        in_family = field.item.kind in ("multiple", "grid") and field.part == "" and not _in_repeat(variable)
        names = [field.item.name] if in_family else []
        if field.kind == "multiple":
            names.append(field.name)
        for name in dict.fromkeys(names):
            families.setdefault(name, []).append(variable.name)
    return {name: tuple(columns) for name, columns in families.items()}


def _in_repeat(variable: Variable) -> bool:
    item = variable.field.item
    return not (variable.field.name == item.name or variable.field.name.startswith(item.name + "_"))
