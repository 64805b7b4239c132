"""A small memo that holds every kind of block, for tests of the writers and of everything that hands them a document."""

from __future__ import annotations

import io
from dataclasses import replace

from PIL import Image, ImageDraw

from evaltools.document.model import (
    Block,
    Box,
    Bullets,
    Cell,
    Document,
    Figure,
    Heading,
    Inline,
    LinkRun,
    NumberRun,
    PageBreak,
    Paragraph,
    ReferenceRun,
    RegisterRow,
    Table,
    TextRun,
)

METHODS = (
    ("m1", "Familierådslagning", 57.1),
    ("m2", "Netværksmøder", 48.6),
    ("m3", "Aflastning i netværket", 41.4),
    ("m4", "Signs of Safety", 38.6),
    ("m5", "Slægts- og netværkspleje", 31.4),
    ("m6", "Kurser for plejefamilier", 22.9),
)
GROUPS = ("Region Hovedstaden", "Region Sjælland")
MUNICIPALITIES = tuple(f"Øvekommune {index:02}" for index in range(1, 61))
NBSP = "\u00a0"


def number(id_: str, shown: str, form: str = "", bold: bool = False) -> NumberRun:
    """A number of the register as a run."""
    return NumberRun(id_, form, shown, bold)


def text(words: str) -> Inline:
    """Words as an inline text."""
    return (TextRun(words),)


def percent(share: float) -> str:
    """A share as Danish text with a non-breaking space."""
    return f"{share:.1f}".replace(".", ",") + f"{NBSP}pct."


def sample_figure(id_: str, title: str, landscape_note: str = "") -> Figure:
    """Sorted bars with direct labels, drawn without a chart library."""
    bars = "".join(
        f'<text x="150" y="{22 + 28 * i}" text-anchor="end" font-size="11" font-family="Source Sans Pro">{name}</text>'
        f'<rect x="158" y="{10 + 28 * i}" width="{share * 4:.0f}" height="17" fill="#113a63"/>'
        f'<text x="{164 + share * 4:.0f}" y="{22 + 28 * i}" font-size="11" font-family="Source Sans Pro">{percent(share)}</text>'
        for i, (_, name, share) in enumerate(METHODS)
    )
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="454" height="180" viewBox="0 0 454 180">{bars}</svg>'
    return Figure(
        id_,
        title,
        svg,
        _picture(),
        "Søjlediagram over andelen af kommuner, der bruger hver af seks metoder: fra 57,1 pct. med familierådslagning "
        "ned til 22,9 pct. med kurser for plejefamilier. Værdierne står i tabellen under figuren.",
        "n = 70 kommuner. Spørgsmål b1: Bruger kommunen metoden?" + landscape_note + "\nKilde: Skemaet 2018.",
        ("Metode", "Andel (pct.)"),
        tuple((name, share) for _, name, share in METHODS),
        tuple(f"b1.{key}" for key, _, _ in METHODS),
    )


def sample_document() -> Document:
    """Every kind of block at least once; two landscape tables, one long table, an annex and a register."""
    return Document(
        title="Metoder til inddragelse af familie og netværk",
        subtitle="Evaluering af udbredelsen i kommunerne 2015–2018",
        author="Evalueringsenheden",
        date="31. december 2018",
        iso_date="2018-12-31",
        language="da",
        description="Notatet gør rede for, hvor mange kommuner der kender og bruger metoderne.",
        blocks=_blocks(),
        register=_register(),
        facts=(
            ("Modtager", "Socialstyrelsen"),
            ("Sagsnummer", "2018-4711"),
            ("Datagrundlag", "70 af 98 kommuner, skema 2018"),
            ("Oprindelse", "Øvelsesdata"),
        ),
        stamp="Øvelsesdata",
    )


def draft_document() -> Document:
    """The same memo as a draft with two faults, one of them an unknown reference."""
    document = sample_document()
    broken = Paragraph(
        (TextRun("Se "), ReferenceRun("fig-borte"), TextRun(" og "), number("ukendt", "12"), TextRun("."))
    )
    faults = (
        "02_metode.ipynb, celle 3: ukendt henvisning @fig-borte",
        "02_metode.ipynb, celle 3: ukendt tal {{ukendt}}",
    )
    return replace(document, blocks=(*document.blocks, broken), stamp="KLADDE · Øvelsesdata", faults=faults)


def _blocks() -> tuple[Block, ...]:
    return (
        Heading(1, text("Resumé"), numbered=False),
        Paragraph(
            (
                number("b1.m1", percent(57.1)),
                TextRun(" af kommunerne bruger familierådslagning, og "),
                number("b1.m2", percent(48.6)),
                TextRun(" holder netværksmøder."),
            ),
            role="lead",
        ),
        Box(
            "Hovedresultater",
            (
                Paragraph(
                    (
                        number("response.n", "70"),
                        TextRun(" af "),
                        number("response.N", "98"),
                        TextRun(" kommuner har svaret."),
                    )
                ),
                Bullets(
                    (
                        (TextRun("Flest bruger familierådslagning: "), number("b1.m1", percent(57.1), bold=True)),
                        (TextRun("Færrest holder kurser: "), number("b1.m6", percent(22.9), bold=True)),
                    )
                ),
            ),
        ),
        Bullets(
            (text("Kendskabet er højt i alle regioner."), text("Anvendelsen følger kommunens størrelse.")), ordered=True
        ),
        Heading(1, text("Baggrund og formål"), id="sec-baggrund"),
        Paragraph(
            (
                TextRun("Notatet bygger på skemaet, der er beskrevet i "),
                ReferenceRun("sec-metode"),
                TextRun(" og gengivet i "),
                ReferenceRun("annex-skema"),
                TextRun(". "),
                TextRun("Inddragelse", italic=True),
                TextRun(" betyder her, at familien og netværket deltager i beslutningen, og "),
                TextRun("anvendelse", bold=True),
                TextRun(" betyder, at mindst én sag er gennemført med metoden inden for det seneste år. Læs mere på "),
                LinkRun("https://www.example.org/metoder?id=1&sprog=da", "projektets side"),
                TextRun(". Tegn som # * _ @ < > & \" ' $ \\ [ ] { } og – − ½ skal stå, som de er skrevet."),
            )
        ),
        Paragraph(text("Vi ringede til familien først, og det ændrede mødet."), role="quote"),
        Paragraph(text("Citatet er fra et interview i 2018."), role="note"),
        Heading(2, text("Datagrundlag og metode"), id="sec-metode"),
        Paragraph(
            (
                number("response.share", percent(71.4)),
                TextRun(" af kommunerne har svaret. Andelene vises i "),
                ReferenceRun("fig-brug"),
                TextRun(" og "),
                ReferenceRun("tab-brug"),
                TextRun("."),
            )
        ),
        sample_figure("fig-brug", "Mere end halvdelen bruger familierådslagning (Øvelsesdata)"),
        Heading(3, text("Bortfald")),
        Paragraph(text("Bortfaldet er størst blandt de mindste kommuner. " * 5)),
        _method_table(),
        Heading(1, text("Resultater efter region")),
        _group_table(),
        PageBreak(),
        Heading(2, text("Alle spørgsmål")),
        _wide_table("tab-bred", "Anvendelse efter størrelse og region (Øvelsesdata)"),
        _wide_table("tab-bred-2", "Kendskab efter størrelse og region (Øvelsesdata)"),
        Heading(1, text("Svar fra hver kommune"), id="annex-skema", annex=True),
        Paragraph(text("Tabellen viser alle kommuner i øvelsen.")),
        _long_table(),
        Heading(2, text("Spørgsmålene"), annex=True),
        sample_figure("fig-bilag", "Samme figur i bilaget (Øvelsesdata)"),
    )


def _method_table() -> Table:
    rows = tuple(
        (
            Cell(text(name)),
            Cell((number(f"b1.{key}", percent(share)),), share / 100),
            Cell((number(f"b1.{key}", f"{share - 8:.0f}–{share + 8:.0f}", "interval"),)),
            Cell((number("response.n", "70"),), 70),
        )
        for key, name, share in METHODS
    )
    note = "Procent af de kommuner, der har svaret. 95 pct.-interval i parentes.\nKilde: Skemaet 2018."
    return Table(
        "tab-brug", "Kommuner der bruger metoden (Øvelsesdata)", ("Metode", "Andel", "Interval", "n"), rows, note
    )


def _group_table() -> Table:
    rows: list[tuple[Cell, ...]] = []
    groups: list[int] = []
    for group in GROUPS:
        groups.append(len(rows))
        rows.append((Cell(text(group)), Cell(()), Cell(())))
        rows += [
            (Cell(text(name)), Cell((number(f"b1.{key}", percent(share)),), share / 100), Cell(text("Stigende")))
            for key, name, share in METHODS[:3]
        ]
    header = ("Metode", "Andel", "Udvikling siden 2015")
    return Table(
        "tab-grupper", "Anvendelse i to regioner (Øvelsesdata)", header, tuple(rows), "", group_rows=frozenset(groups)
    )


def _wide_table(id_: str, title: str) -> Table:
    header = ("Metode", *(f"Størrelse {size}" for size in range(1, 9)))
    rows = tuple(
        (Cell(text(name)), *(Cell((number(f"b1.{key}", percent(share)),), share / 100) for _ in range(8)))
        for key, name, share in METHODS
    )
    return Table(id_, title, header, rows, "Diskretionerede celler vises som –.", landscape=True)


def _long_table() -> Table:
    rows = tuple(
        (
            Cell(text(name)),
            Cell(text("Ja" if index % 3 else "Nej")),
            Cell((number(f"sager.{index}", str(index * 7)),), index * 7),
        )
        for index, name in enumerate(MUNICIPALITIES)
    )
    header = ("Kommune", "Bruger familierådslagning", "Sager")
    return Table("tab-lang", "Svar fra hver kommune (Øvelsesdata)", header, rows, "Opdigtede kommuner.")


def _register() -> tuple[RegisterRow, ...]:
    shared = {"Vægt": "ingen", "N": "98", "Metode": "eksakt hypergeometrisk", "Oprindelse": "Øvelsesdata"}
    shares = tuple(
        RegisterRow(
            f"b1.{key}",
            {"": percent(share), "interval": f"{share - 8:.0f}–{share + 8:.0f}"},
            share / 100,
            {
                "Spørgsmål": "b1_stage: Bruger kommunen metoden?",
                "Univers": "alle kommuner, der har svaret",
                **shared,
                "Kode": 'proportion(design(load("network_methods/2018")), "b1_stage", category="user")',
            },
            {"Viser": f"Metode: {name}", "n": "70"},
            f'.row(method="{key}").estimate',
        )
        for key, name, share in METHODS
    )
    counts = (
        RegisterRow("response.n", {"": "70"}, 70, {"Spørgsmål": "deltagelse", "Metode": "optælling", **shared}),
        RegisterRow("response.N", {"": "98"}, 98, {"Spørgsmål": "deltagelse", "Metode": "optælling", **shared}),
        RegisterRow(
            "response.share", {"": percent(71.4)}, 70 / 98, {"Spørgsmål": "deltagelse", "Metode": "andel", **shared}
        ),
    )
    cases = tuple(
        RegisterRow(
            f"sager.{index}",
            {"": str(index * 7)},
            index * 7,
            {"Spørgsmål": "f1: Sager i alt", **shared},
            {"Kommune": name},
        )
        for index, name in enumerate(MUNICIPALITIES)
    )
    return (*counts, *shares, *cases)


def _picture() -> bytes:
    picture = Image.new("RGB", (908, 360), "white")
    draw = ImageDraw.Draw(picture)
    for index, (_, _, share) in enumerate(METHODS):
        draw.rectangle((316, 20 + 56 * index, 316 + share * 8, 54 + 56 * index), fill="#113a63")
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()
