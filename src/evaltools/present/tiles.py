"""The state of each municipality for the tile map: its answer where it agreed to be named, and what else is drawn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal

from evaltools.dataset import Dataset, value_labels
from evaltools.errors import Fault, ReleaseError, near
from evaltools.estimate.result import Source
from evaltools.language import Language, texts
from evaltools.present.model import Tile
from evaltools.schema.model import Variable

_PLACE: Final = ("label", "tile_row", "tile_col")
MOST_CATEGORIES: Final = 5


def variable_of(data: Dataset, name: str) -> Variable:
    """The variable of that name; `ReleaseError` NO_SUCH_VARIABLE."""
    if name not in data.variables:
        problem = f'there is no variable "{name}"'
        raise ReleaseError(Fault("NO_SUCH_VARIABLE", data.questionnaire.id, problem, near(name, data.variables)))
    return data.variables[name]


def categories_of(
    variable: Variable, groups: Mapping[str, tuple[str, ...]], language: Language
) -> tuple[tuple[tuple[str, str], ...], Mapping[str, str]]:
    """Categories in order as (key, label), and from each code to its key.

    groups : label -> codes drawn alike; without it every code is a category.
    Raises `ReleaseError` TOO_MANY_CATEGORIES and NOT_CATEGORIES.
    """
    labels = {str(code): label for code, label in value_labels(variable, language).items()}
    if not labels:
        problem = f'"{variable.name}" holds no categories'
        raise ReleaseError(Fault("NOT_CATEGORIES", "tile map", problem, "Draw a question with a code list."))
    if not groups:
        groups = {label: (code,) for code, label in labels.items()}
    if len(groups) > MOST_CATEGORIES:
        problem = f"{len(groups)} categories cannot be told apart on a map"
        remedy = 'Draw some alike: groups={"I brug": ("4", "5"), ...}.'
        raise ReleaseError(Fault("TOO_MANY_CATEGORIES", "tile map", problem, remedy))
    keyed = tuple((str(place), label) for place, label in enumerate(groups))
    return keyed, {code: str(place) for place, codes in enumerate(groups.values()) for code in codes}


def tiles_of(data: Dataset, name: str, consent: tuple[str, str], keys: Mapping[str, str]) -> tuple[Tile, ...]:
    """One tile per unit. consent : variable and the code that agrees. keys : from answer code to category.

    Raises `ReleaseError` NO_TILE_POSITIONS.
    """
    absent = [column for column in _PLACE if column not in data.frame.columns]
    if absent:
        problem = f"the units have no {', '.join(absent)}"
        remedy = "Open the wave with data_dictionary/codelists/municipalities.csv."
        raise ReleaseError(Fault("NO_TILE_POSITIONS", data.questionnaire.id, problem, remedy))
    column, agreeing = consent
    return tuple(_tile(str(code), row, name, str(row[column]) == agreeing, keys) for code, row in data.frame.iterrows())


def _tile(code: str, row: Any, name: str, agrees: bool, keys: Mapping[str, str]) -> Tile:
    category = keys.get(str(row[name]), "")
    state: Literal["shown", "no_answer", "no_consent"] = "shown" if agrees and category else "no_answer"
    if row["responded"] and not agrees:
        state = "no_consent"
    return Tile(
        code=code,
        name=str(row["name"]),
        label=str(row["label"]),
        row=int(row["tile_row"]),
        column=int(row["tile_col"]),
        state=state,
        category=category if state == "shown" else "",
    )


def source_of(data: Dataset, variable: Variable, consent: str, language: Language) -> Source:
    """Where the map comes from."""
    item = variable.field.item
    return Source(
        origin=data.origin,
        survey=data.questionnaire.id,
        question=f"{item.name}: {variable.label.to(language)}",
        universe=texts(language).say("present.tiles.universe"),
        weight="",
        confidentiality=item.confidentiality,
        code=f"release_tiles({data.code}, {variable.name!r}, consent={consent!r})",
        unit=data.questionnaire.unit,
        title=data.questionnaire.titled(language),
        language=language,
    )
