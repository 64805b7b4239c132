"""Exhibits and chapters made by hand, for tests of the memo."""

from __future__ import annotations

from evaltools.estimate.result import Source
from evaltools.memo.model import Cell, Chapter, Provenance, Shown, TitlePage
from evaltools.present.model import Exhibit, FigureExhibit, Number, SentenceExhibit, TableCell, TableExhibit

SOURCE = Source(
    origin="collected",
    survey="demo/1",
    question="1. Bruger kommunen metoden?",
    universe="kommuner, der har svaret",
    weight="ingen",
    confidentiality="practice",
    code='proportion(load("demo/1"), "use").row(category="1").estimate',
)

PAGE = TitlePage("Notat", "", "Styrelsen", "Ministeriet", "1-2", "2018-12-31", "da", "Et notat")

PROVENANCE = Provenance(
    ("collected",), "ab" * 32, {"demo/1": "cd" * 32}, "0.1.0", "plan", "2018-12-31T12:00:00", "store.db"
)


def number(value: float = 0.5, shown: str = "50 pct.") -> Number:
    forms = {"": shown, "n": "20", "N": "98", "interval": "41-59 pct."}
    return Number(value, "percent", forms, "Bruger metoden", SOURCE, n=20, N=98, method="andel", low=0.41, high=0.59)


def figure(
    *, alt: str = "Søjlediagram over brug af metoden: 50 pct. af 20 kommuner.", data: bool = True
) -> FigureExhibit:
    numbers = {"m1": number()} if data else {}
    rows: tuple[tuple[float | int | str | None, ...], ...] = (("m1", 0.5),) if data else ()
    svg = '<svg xmlns="http://www.w3.org/2000/svg"/>'
    return FigureExhibit("Brug af metoden", svg, b"\x89PNG", alt, "Anm.: n = 20.", ("Metode", "Andel"), rows, numbers)


def table() -> TableExhibit:
    share = number()
    row = (TableCell("Familierådslagning"), TableCell(number=share), TableCell(number=share, form="n"))
    return TableExhibit("Brug", ("Metode", "Andel", "n"), (row,), "Anm.: ingen.")


def sentence() -> SentenceExhibit:
    return SentenceExhibit("I alt {share} af {share:n} kommuner bruger metoden.", {"share": number()})


def code(number_in_chapter: int, *shown: tuple[str, Exhibit]) -> Cell:
    return Cell(number_in_chapter, "code", "", tuple(Shown(*pair) for pair in shown))


def chapter(prose: str, *shown: tuple[str, Exhibit], name: str = "01-kapitel", annex: bool = False) -> Chapter:
    cells = (Cell(1, "markdown", "# Overskrift"), code(2, *shown), Cell(3, "markdown", prose))
    return Chapter(name, cells, annex)
