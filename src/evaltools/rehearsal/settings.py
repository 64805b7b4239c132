"""Reads what steers a rehearsal: `relations.yaml`, `default.yaml` and one file per survey in `settings/`.

Numbers that are true by plan stand in `relations.yaml` only; the settings name the relation in their place.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any, Final

from evaltools.language import Text, plain_yaml
from evaltools.rehearsal.drivers import Predictor
from evaltools.rehearsal.model import Course, ItemSettings, Relation, SurveySettings

_FOLDER: Final = resources.files("evaltools.rehearsal")


@cache
def read_relations() -> tuple[Relation, ...]:
    """The planted relations, in the order of the table."""
    return tuple(_relation(name, row) for name, row in _load("relations.yaml").items())


@cache
def read_settings(survey: str) -> SurveySettings:
    """How a survey is rehearsed; a survey without a file of its own gets what stands in `default.yaml`."""
    known = {relation.name: relation.value for relation in read_relations()}
    general = _load("settings/default.yaml")
    own_file = _FOLDER / "settings" / f"{survey}.yaml"
    own = _load(f"settings/{survey}.yaml") if own_file.is_file() else {}
    merged = {**general, **own}
    items = {**general.get("items", {}), **own.get("items", {})}
    return SurveySettings(
        response=_predictor(merged["response"], known),
        panel=_value(merged["panel"], known),
        records=(int(merged["records"]["least"]), int(merged["records"]["most"])),
        units=int(merged["records"]["units"]),
        likeness=float(merged["records"].get("likeness", 0)),
        items={name: _item(row, known) for name, row in items.items()},
        courses={name: _course(row, known) for name, row in own.get("courses", {}).items()},
    )


def read_texts() -> Mapping[str, Any]:
    """The words that made-up answers are written in."""
    return _load("texts.yaml")


def _load(path: str) -> dict[str, Any]:
    text = _FOLDER.joinpath(*path.split("/")).read_text("utf-8")
    loaded: dict[str, Any] = plain_yaml(text)
    return loaded


def _relation(name: str, row: Mapping[str, Any]) -> Relation:
    return Relation(
        name=name,
        sentence=Text(row["sentence"]["da"], row["sentence"]["en"]),
        survey=row["survey"],
        waves=tuple(row["waves"]),
        estimator=row["estimator"],
        outcome=row["outcome"],
        on=row.get("on", ""),
        value=float(row["value"]),
        codes=tuple(row.get("codes", ())),
        base=row.get("base", ""),
        also=tuple(row.get("also", ())),
    )


def _item(row: Mapping[str, Any], known: Mapping[str, float]) -> ItemSettings:
    return ItemSettings(
        weights={code: float(weight) for code, weight in row.get("weights", {}).items()},
        shift=_predictor(row.get("shift", {}), known),
        chosen={code: _predictor(one, known) for code, one in row.get("chosen", {}).items()},
        mean=_predictor(row.get("mean", {}), known),
        spread=float(row.get("spread", 0)),
        exact=row.get("exact", "no") == "yes",
        of=row.get("of", ""),
        less=tuple(row.get("less", ())),
        plus=row.get("plus", ""),
        after=row.get("after", ""),
        share=_predictor(row.get("share", {}), known),
        alone=_optional(row.get("alone")),
        low=_optional(row.get("low")),
        high=_optional(row.get("high")),
        missing={kind: _predictor(one, known) for kind, one in row.get("missing", {}).items()},
        blank=_optional(row.get("blank")),
        along=row.get("along", ""),
        like=row.get("like", ""),
        likely=float(row.get("likely", 0)),
        says=tuple(row.get("says", ())),
        course=row.get("course", ""),
        going=row.get("going", ""),
        gone=row.get("gone", ""),
        follows=row.get("follows", "no") == "yes",
        latest=row.get("latest", "no") == "yes",
        reaches=float(row.get("reaches", 0)),
    )


def _course(row: Mapping[str, Any], known: Mapping[str, float]) -> Course:
    endings = row["endings"]
    return Course(
        begins=row["begins"],
        opened=int(row["opened"]),
        closed=int(row["closed"]),
        scales={code: _value(one["scale"], known) for code, one in endings.items()},
        shapes={code: _value(one.get("shape", "1"), known) for code, one in endings.items()},
        hastes={code: _predictor(one.get("haste", {}), known) for code, one in endings.items()},
    )


def _predictor(row: Mapping[str, str] | str, known: Mapping[str, float]) -> Predictor:
    if isinstance(row, str):
        return {"start": _value(row, known)}
    return {name: _value(text, known) for name, text in row.items()}


def _value(text: str, known: Mapping[str, float]) -> float:
    return known[text] if text in known else float(text)


def _optional(text: str | None) -> float | None:
    return None if text is None else float(text)
