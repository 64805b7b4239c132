"""A small municipal survey with the answers of `muni98_synthetic.csv`, for tests of what comes after the data.

98 made-up municipalities, 69 of which answered: a grid of three methods, reasons asked of users of the first,
a barrier with item nonresponse, and two counts.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from evaltools.dataset import Dataset, build_dataset
from evaltools.language import Text
from evaltools.schema.missing import Missing
from evaltools.schema.model import Category, CodeList, Concept, Item, Questionnaire, Row, Section, Value
from evaltools.schema.storing import with_source
from evaltools.schema.tree import Answer, Call, Constant
from evaltools.store.model import Unit
from small_survey import QUESTIONNAIRE as SMALL
from small_survey import response, snapshot

CSV = Path(__file__).parent / "references" / "data" / "muni98_synthetic.csv"

USE = CodeList(
    "use",
    Text("Brug", "Use"),
    (
        Category("0", Text("Bruger ikke", "Does not use")),
        Category("1", Text("Bruger", "Uses")),
        Category("2", Text("Bruger fast", "Uses regularly")),
    ),
    ordered=True,
)
BARRIER = CodeList(
    "barrier",
    Text("Barriere", "Barrier"),
    tuple(Category(code, Text(code, code)) for code in ("none", "time", "training")),
)
WHY = CodeList(
    "why",
    Text("Årsag", "Reason"),
    (Category("1", Text("Familien", "Family")), Category("2", Text("Økonomi", "Economy"))),
)
ROWS = (
    Row("fgc", Text("Familierådslagning", "Family group conference")),
    Row("sos", Text("Signs of Safety", "Signs of Safety")),
    Row("inm", Text("Inddragende netværksmøde", "Involving network meeting")),
)


def _item(name: str, kind: str, **more: object) -> Item:
    return Item(name, kind, "main", Text(f"Hvad med {name}?", f"What of {name}?"), Text(name, name), **more)  # type: ignore[arg-type]


ITEMS = (
    _item("use", "grid", codelist=USE, rows=ROWS, measure="ordinal"),
    _item("why", "multiple", codelist=WHY, ask_if=Call("==", (Answer("use_fgc"), Constant("1")))),
    _item("barrier", "single", codelist=BARRIER, missing=(Missing.DONT_KNOW,), confidentiality="opinion"),
    _item("placed", "integer", measure="ratio", confidentiality="children", unit=Text("børn", "children")),
    _item("network", "integer", measure="ratio", confidentiality="children", unit=Text("børn", "children")),
    _item("remarks", "text"),
)
QUESTIONNAIRE: Questionnaire = with_source(
    replace(
        SMALL,
        sections=(Section("main", Text("Spørgsmål", "Questions"), ITEMS),),
        concepts={
            "user": Concept("user", Text("Bruger", "User"), Text("Bruger metoden", "Uses it"), "use", ("1", "2")),
        },
    )
)


def records() -> list[dict[str, str]]:
    """The rows of the file as text."""
    with CSV.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def municipal_data(everyone: bool = False, questionnaire: Questionnaire = QUESTIONNAIRE) -> Dataset:
    """The dataset; with `everyone` those who did not answer get the answers of their predecessor."""
    rows = records()
    units = tuple(
        Unit(row["muni_id"], f"K{row['muni_id']}", {"region": row["region"], "size": row["size"]}) for row in rows
    )
    answers: list[tuple[str, Mapping[str, Value]]] = []
    for row in rows:
        if row["responded"] == "1":
            answers.append((row["muni_id"], _answers(row)))
        elif everyone:
            answers.append((row["muni_id"], answers[-1][1]))
    responses = tuple(response(unit, given) for unit, given in answers)
    return build_dataset(questionnaire, snapshot(*responses, questionnaire=questionnaire, units=units))


def _answers(row: Mapping[str, str]) -> dict[str, Value]:
    given: dict[str, Value] = {
        "use_fgc": row["use_fgc_w1"],
        "use_sos": row["use_sos_w1"],
        "use_inm": row["use_inm_w1"],
        "barrier": Missing.DONT_KNOW if int(row["muni_id"]) % 10 == 0 else row["barrier"],
        "placed": Missing.CANNOT_BE_COUNTED if int(row["muni_id"]) % 17 == 0 else int(row["placements"]),
        "network": int(row["network_placements"]),
        "remarks": f"Bemærkning {row['muni_id']}",
    }
    if row["use_fgc_w1"] == "1":
        given["why"] = ("1",) if int(row["muni_id"]) % 3 else ("1", "2")
    return given
