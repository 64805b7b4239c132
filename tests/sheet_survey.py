"""A survey of 24 invented municipalities in two regions and two sizes, for tests of the comparison sheets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from pathlib import Path

from evaltools.schema import Questionnaire, read_survey
from evaltools.store import Saved, Store, Submission, Unit, open_store, open_wave, receive
from tiny_survey import FIELDWORK

WHEN = dt.datetime(2018, 2, 5, 9, 30, tzinfo=dt.UTC)

UNITS = tuple(
    Unit(
        f"{n:04}", f"Kommune {n}", {"region": "Region Nord" if n % 2 else "Region Syd", "size": f"{size}: trin {size}"}
    )
    for n in range(1, 25)
    for size in [1 if n <= 12 else 2]
)
NORTH = tuple(unit.code for unit in UNITS if unit.frame["region"] == "Region Nord")

_SURVEY = """
survey: sheets
wave: 2018
title: {da: "Sammenligning", en: "Comparison"}
unit: municipality
population: municipalities
universe: {da: "Alle kommuner", en: "All municipalities"}
languages: [da, en]
reference_year: 2017
answer_year: 2018
records: one
codelists:
  stage:
    ordered: true
    categories:
      - {code: 0, da: "Ikke i brug", en: "Not in use"}
      - {code: 1, da: "I brug <b>", en: "In use <b>"}
  ways:
    categories:
      - {code: a, da: "Den ene vej", en: "One way"}
      - {code: b, da: "Den anden vej", en: "Another way"}
sections:
  - section: main
    title: {da: "Brug", en: "Use"}
    items:
      - {name: stage, type: single, codes: stage, text: {da: "Bruges metoden?", en: "Is it used?"}}
      - {name: ways, type: multiple, codes: ways, ask_if: stage == 1, text: {da: "Hvilke veje?", en: "Which ways?"}}
      - {name: view, type: single, codes: stage, confidentiality: opinion, text: {da: "Vurdering?", en: "View?"}}
      - {name: placed, type: integer, min: 0, confidentiality: children, text: {da: "Anbragte?", en: "Placed?"}}
      - {name: posts, type: integer, min: 0, text: {da: "Stillinger?", en: "Posts?"}}
      - {name: remark, type: text, text: {da: "Bemærkning", en: "Remark"}}
"""


def sheet_survey(root: Path) -> Questionnaire:
    """The survey, written below a folder and read."""
    lists = root / "data_dictionary" / "codelists"
    lists.mkdir(parents=True)
    rows = [f"{unit.code},{unit.name},{unit.name}" for unit in UNITS]
    (lists / "municipalities.csv").write_text("code,da,en\n" + "\n".join(rows) + "\n", "utf-8")
    folder = root / "surveys" / "sheets" / "2018"
    folder.mkdir(parents=True)
    (folder / "questionnaire.yaml").write_text(_SURVEY.lstrip(), "utf-8")
    return read_survey(folder)


def sheet_store(root: Path) -> Store:
    """A store in which the wave is open and nobody has answered."""
    store = open_store(root / "answers.db", create=True)
    open_wave(store, sheet_survey(root), UNITS, origin="collected", at=WHEN, fieldwork=FIELDWORK)
    return store


def answer(store: Store, units: Iterable[str], answers: Mapping[str, object]) -> None:
    """The same answers from each of some units, submitted."""
    for unit in units:
        saved = receive(store, Submission("sheets", "2018", unit, answers), language="da", at=WHEN)
        assert isinstance(saved, Saved)
