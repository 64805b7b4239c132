"""A small survey written as values, for tests of the rooms that come after the store."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

from evaltools.language import Text
from evaltools.provenance import Origin
from evaltools.schema.missing import Missing
from evaltools.schema.model import Category, CodeList, Item, Questionnaire, Row, Section, Value
from evaltools.schema.storing import with_source
from evaltools.schema.tree import Answer, Call, Constant
from evaltools.store.model import Disposition, Response, Snapshot, Unit, WaveSnapshot

WHEN = dt.datetime(2018, 11, 1, 12, tzinfo=dt.UTC)

STAGE = CodeList(
    "stage",
    Text("Trin", "Stage"),
    (
        Category("0", Text("Kender ikke metoden", "Does not know the method")),
        Category("1", Text("Overvejer", "Considers it")),
        Category("2", Text("Bruger metoden", "Uses the method")),
    ),
    ordered=True,
)
WHY = CodeList(
    "why",
    Text("Årsag", "Reason"),
    (
        Category("1", Text("Styrker familien", "Strengthens the family")),
        Category("2", Text("Økonomi", "Economy")),
        Category("0", Text("Ingen særlig", "None in particular"), exclusive=True),
    ),
)
METHODS = CodeList(
    "methods",
    Text("Metode", "Method"),
    (
        Category("m1", Text("Familierådslagning", "Family group conference")),
        Category("m2", Text("Signs of Safety", "Signs of Safety")),
    ),
)


def item(name: str, kind: str, **more: object) -> Item:
    """An item with short texts made of its name."""
    text = Text(f"Hvad er {name}?", f"What is {name}?")
    return Item(name, kind, "main", text, Text(name.upper(), name.upper()), **more)  # type: ignore[arg-type]


ITEMS = (
    item(
        "stage",
        "grid",
        codelist=STAGE,
        rows=(Row("m1", METHODS.categories[0].label), Row("m2", METHODS.categories[1].label)),
        missing=(Missing.DONT_KNOW,),
        measure="ordinal",
        concept="adoption",
    ),
    item("why", "multiple", codelist=WHY, ask_if=Call("==", (Answer("stage_m1"), Constant("2")))),
    item("main_method", "single", codelist=METHODS),
    item(
        "placed",
        "integer",
        minimum=0,
        missing=(Missing.CANNOT_BE_COUNTED,),
        measure="ratio",
        confidentiality="children",
    ),
    item("share", "decimal", decimals=1, measure="ratio"),
    item("started", "date", measure="interval"),
    item("held", "month", measure="interval"),
    item("remarks", "text"),
)

QUESTIONNAIRE = Questionnaire(
    survey="small",
    wave="2018",
    title=Text("Lille undersøgelse", "Small survey"),
    languages=("da", "en"),
    unit="municipality",
    population="municipalities",
    universe=Text("Alle kommuner", "All municipalities"),
    reference_year=2017,
    answer_year=2018,
    many_records=False,
    sections=(Section("main", Text("Spørgsmål", "Questions"), ITEMS),),
    rules=(),
    concepts={},
    references=(),
    content_sha256="c" * 64,
    source="{}",
)

UNITS = tuple(
    Unit(code, name, {"region": region, "size": size})
    for code, name, region, size in [
        ("101", "København", "Hovedstaden", "stor"),
        ("153", "Brøndby", "Hovedstaden", "lille"),
        ("730", "Randers", "Midtjylland", "mellem"),
        ("851", "Aalborg", "Nordjylland", "stor"),
    ]
)

ANSWERS: Mapping[str, Mapping[str, Value]] = {
    "101": {
        "stage_m1": "2",
        "stage_m2": "0",
        "why": ("1", "2"),
        "main_method": "m1",
        "placed": 812,
        "share": 12.5,
        "started": "2016-03-01",
        "held": "2017-11",
        "remarks": "=1+1 er to",
    },
    "153": {"stage_m1": "0", "stage_m2": Missing.DONT_KNOW, "placed": Missing.CANNOT_BE_COUNTED, "share": 0.0},
    "730": {"stage_m1": "1", "placed": 0},
}


def response(
    unit: str, answers: Mapping[str, Value], disposition: Disposition = "submitted", record: str = ""
) -> Response:
    """A response of the small survey."""
    return Response("small", "2018", unit, record, disposition, answers, 1, WHEN, "form")


RESPONSES = (
    response("101", ANSWERS["101"]),
    response("153", ANSWERS["153"]),
    response("730", ANSWERS["730"], "partial"),
)


def snapshot(
    *responses: Response,
    questionnaire: Questionnaire = QUESTIONNAIRE,
    units: tuple[Unit, ...] = UNITS,
    origin: Origin = "collected",
) -> Snapshot:
    """A snapshot with one wave; the usual three responses unless others are given."""
    wave = WaveSnapshot(
        questionnaire.survey,
        questionnaire.wave,
        origin,
        questionnaire.content_sha256,
        questionnaire.source,
        units,
        responses or RESPONSES,
    )
    return Snapshot((wave,), {}, "5" * 64)


def with_items(*items: Item, many_records: bool = False) -> Questionnaire:
    """The small survey with other items."""
    section = replace(QUESTIONNAIRE.sections[0], items=items)
    return with_source(replace(QUESTIONNAIRE, sections=(section,), many_records=many_records))
