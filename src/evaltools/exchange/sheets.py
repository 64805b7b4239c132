"""A dataset laid out as columns that every writer understands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import pandas as pd

from evaltools.dataset import Dataset, codelist_of, is_number, is_option, value_labels
from evaltools.exchange.model import Column, ColumnKind, Family, MeasureLevel, Sheet
from evaltools.language import Language, Texts, texts
from evaltools.provenance import code_version
from evaltools.schema import rule_sentence
from evaltools.schema.missing import Missing, missing_label
from evaltools.schema.model import Variable

SET_BY_SYSTEM: Final = (Missing.NOT_ASKED, Missing.NOT_ANSWERED, Missing.UNIT_NONRESPONSE)


def sheet_of(data: Dataset, language: Language) -> Sheet:
    """Lay out a dataset: index, frame columns, `responded`, then the variables."""
    questionnaire = data.questionnaire
    say = texts(language).say
    mark = say("present.rehearsal.mark") if data.origin == "rehearsal" else ""
    title = questionnaire.title.to(language)
    notes = [
        say("exchange.note.wave", wave=questionnaire.id),
        say("exchange.note.universe", universe=questionnaire.universe.to(language)),
        say("exchange.note.snapshot", snapshot=data.snapshot_sha256),
        say("exchange.note.schema", schema=questionnaire.content_sha256),
        say("exchange.note.program", version=code_version()),
    ]
    return Sheet(
        name=f"{questionnaire.survey}_{questionnaire.wave}",
        title=f"{mark}: {title}" if mark else title,
        notes=tuple([say("exchange.note.rehearsal"), *notes] if mark else notes),
        columns=(*_population_columns(data, language), *_variable_columns(data, language)),
        families=tuple(_families(data, language)),
        origin=data.origin,
        mark=mark,
        language=language,
    )


def _population_columns(data: Dataset, language: Language) -> Iterator[Column]:
    words = texts(language)
    index = data.frame.index.to_frame(index=False)
    frame = data.frame.reset_index(drop=True)
    none = np.zeros(len(frame), dtype=np.int8)
    for name in [*index.columns, *data.frame_columns]:
        values = index[name] if name in index else frame[name]
        yield Column(str(name), _frame_label(str(name), words), "text", "nominal", values, none)
    yes_no: dict[str | float, str] = {0.0: words.say("dataset.frame.no"), 1.0: words.say("dataset.frame.yes")}
    responded = frame["responded"].astype("float64")
    label = _frame_label("responded", words)
    yield Column("responded", label, "option", "nominal", responded, none, labels=yes_no)


def _frame_label(name: str, words: Texts) -> str:
    key = f"dataset.frame.{name}"
    return words.say(key) if key in words.by_key else name


def _variable_columns(data: Dataset, language: Language) -> Iterator[Column]:
    frame = data.frame.reset_index(drop=True)
    for name, variable in data.variables.items():
        item, kinds = variable.field.item, data.missing[name].to_numpy(dtype=np.int8)
        yield Column(
            name=name,
            label=variable.label.to(language),
            kind=_kind(variable, frame[name]),
            measure=_measure(variable),
            values=frame[name],
            kinds=kinds,
            labels=value_labels(variable, language),
            missing={kind: missing_label(kind, language) for kind in _possible_kinds(variable, kinds)},
            decimals=item.decimals,
            question=item.text.to(language),
            universe=_universe(data, variable, language),
            concept=item.concept,
            family=_family_of(data, name, variable),
            confidentiality=item.confidentiality,
        )


def _kind(variable: Variable, values: pd.Series) -> ColumnKind:
    if is_option(variable):
        return "option"
    if codelist_of(variable) is not None:
        return "code"
    if is_number(variable):
        return "number"
    if variable.field.kind == "date" and _all_times(values, "%Y-%m-%d"):
        return "date"
    return "month" if variable.field.kind == "month" and _all_times(values, "%Y-%m") else "text"


def _all_times(values: pd.Series, form: str) -> bool:
    """Whether all texts are times of that form; those that are not go out as they stand."""
    return bool(pd.to_datetime(values, format=form, errors="coerce").notna().eq(values.notna()).all())


def _measure(variable: Variable) -> MeasureLevel:
    """What SPSS knows: nominal, ordinal or scale."""
    if is_option(variable):
        return "nominal"
    if is_number(variable) or variable.field.kind in ("date", "month"):
        return "scale"
    codelist = codelist_of(variable)
    return "ordinal" if codelist is not None and codelist.ordered else "nominal"


def _possible_kinds(variable: Variable, kinds: np.ndarray) -> list[Missing]:
    occurring = {Missing(int(code)) for code in np.unique(kinds[kinds != 0])}
    return sorted({*variable.field.item.missing, *SET_BY_SYSTEM, *occurring})


def _universe(data: Dataset, variable: Variable, language: Language) -> str:
    if variable.field.item.universe is not None:
        return variable.field.item.universe.to(language)
    if variable.field.ask_if is not None:
        return rule_sentence(variable.field.ask_if, data.questionnaire, language)
    return data.questionnaire.universe.to(language)


def _family_of(data: Dataset, name: str, variable: Variable) -> str:
    item = variable.field.item.name
    if name in data.families.get(item, ()):
        return item
    return variable.field.name if name in data.families.get(variable.field.name, ()) else ""


def _families(data: Dataset, language: Language) -> Iterator[Family]:
    for name, columns in data.families.items():
        variables = [data.variables[column] for column in columns]
        if len({variable.field.name for variable in variables}) == 1 and is_option(variables[0]):
            yield Family(name, variables[0].field.label.to(language), columns)
