"""The municipalities of `municipal_survey` asked once which of three methods they use: a multiple item for all."""

from __future__ import annotations

from dataclasses import replace

from evaltools.dataset import Dataset, build_dataset
from evaltools.language import Text
from evaltools.schema.model import Category, CodeList, Questionnaire, Section
from evaltools.schema.storing import with_source
from evaltools.store.model import Unit
from municipal_survey import QUESTIONNAIRE as MUNICIPAL
from municipal_survey import _item, records
from small_survey import response, snapshot

OPTIONS = ("fgc", "sos", "inm", "none")
METHODS = CodeList(
    "methods",
    Text("Metoder", "Methods"),
    tuple(Category(code, Text(code, code), exclusive=code == "none") for code in OPTIONS),
)
QUESTIONNAIRE: Questionnaire = with_source(
    replace(
        MUNICIPAL,
        sections=(Section("main", Text("Spørgsmål", "Questions"), (_item("methods", "multiple", codelist=METHODS),)),),
        concepts={},
    )
)


def data_of_methods() -> Dataset:
    """98 units, 69 of which answered; who uses no method chose `none`."""
    rows = records()
    units = tuple(
        Unit(row["muni_id"], f"K{row['muni_id']}", {"region": row["region"], "size": row["size"]}) for row in rows
    )
    responses = tuple(
        response(row["muni_id"], {"methods": tuple(c for c in OPTIONS[:3] if row[f"use_{c}_w1"] == "1") or ("none",)})
        for row in rows
        if row["responded"] == "1"
    )
    return build_dataset(QUESTIONNAIRE, snapshot(*responses, questionnaire=QUESTIONNAIRE, units=units))
