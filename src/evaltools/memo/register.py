"""The register: every number of a memo with its source, as JSON and as rows of the annex."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from evaltools.document.model import Document, Figure, NumberRun, RegisterRow, Table
from evaltools.errors import Fault
from evaltools.language import Texts
from evaltools.memo.model import Chapter, Entry, Provenance, Register, Shown
from evaltools.present.model import FigureExhibit, Number, ReleasePlan, SentenceExhibit, TableExhibit


def collect_numbers(chapters: Iterable[Chapter]) -> tuple[Register, tuple[Fault, ...]]:
    """The register of all numbers that the chapters showed, and the ids that were given twice."""
    entries: dict[str, Entry] = {}
    faults: list[Fault] = []
    exhibits: dict[str, str] = {}
    for chapter, place, shown in _shown(chapters):
        if shown.id in exhibits and not _same_number(entries.get(shown.id), shown):
            remedy = "Give one of them another id."
            problem = f'the id "{shown.id}" already stands for something else in {exhibits[shown.id]}'
            faults.append(Fault("TWO_VALUES", place, problem, remedy))
            continue
        exhibits[shown.id] = place
        for number_id, number in numbers_of(shown):
            entries.setdefault(number_id, Entry(number_id, number, chapter))
    return Register(entries), tuple(faults)


def _shown(chapters: Iterable[Chapter]) -> Iterator[tuple[str, str, Shown]]:
    for chapter in chapters:
        for cell in chapter.cells:
            for shown in cell.shown:
                yield chapter.name, f"{chapter.name}, cell {cell.number}", shown


def _same_number(entry: Entry | None, shown: Shown) -> bool:
    return entry is not None and entry.number == shown.exhibit


def numbers_of(shown: Shown) -> Iterator[tuple[str, Number]]:
    """Register id and number of everything that an exhibit holds.

    The numbers of a table are counted `<id>.1`, `<id>.2`, ... in reading order; one number shown in two forms is one.
    """
    exhibit = shown.exhibit
    if isinstance(exhibit, Number):
        yield shown.id, exhibit
    elif isinstance(exhibit, TableExhibit):
        seen: list[Number] = []
        for number in (cell.number for row in exhibit.rows for cell in row if cell.number is not None):
            if number not in seen:
                seen.append(number)
                yield f"{shown.id}.{len(seen)}", number
    elif isinstance(exhibit, (FigureExhibit, SentenceExhibit)):
        for key, number in exhibit.numbers.items():
            yield f"{shown.id}.{key}", number


def register_to_json(register: Register, provenance: Provenance, document: Document) -> dict[str, Any]:
    """The whole register as it stands in `notat.json`; figures and tables name the numbers they show."""
    return {
        "meta": {
            "origin": list(provenance.origins),
            "snapshot_sha256": provenance.snapshot_sha256,
            "schema_sha256": dict(provenance.schema_sha256),
            "code_version": provenance.code_version,
            "plan_id": provenance.plan_id,
            "created": provenance.created,
            "store": provenance.store,
            "published": dict(provenance.published),
            "audit": dict(provenance.audit),
        },
        "numbers": [_entry_to_json(entry, provenance) for entry in register.entries.values()],
        "figures": [_figure_to_json(block) for block in document.blocks if isinstance(block, Figure)],
        "tables": [_table_to_json(block) for block in document.blocks if isinstance(block, Table)],
    }


def audit_entry(plan: ReleasePlan, seconds: float) -> Mapping[str, object]:
    """The audit of a plan as it stands in the register; it tells of no hidden cell which values it may have.

    The narrowest range is told as how many times it is as wide as it must be, so that 1 is enough.
    """
    audit = plan.audit
    if audit is None:
        return {}
    narrowest = audit.narrowest
    return {
        "hidden": audit.hidden,
        "primary": audit.primary,
        "solved": len(audit.ranges),
        "unlinked": audit.unlinked,
        "too_narrow": len(audit.breaches),
        "narrowest": None if narrowest is None else round(min(narrowest.share, 1e6), 3),
        "alike": [*audit.alike],
        "seconds": round(seconds, 2),
    }


def _figure_to_json(figure: Figure) -> dict[str, Any]:
    return {
        "id": figure.id,
        "title": figure.title,
        "alt": figure.alt,
        "note": figure.note,
        "numbers": [*figure.numbers],
    }


def _table_to_json(table: Table) -> dict[str, Any]:
    runs = (run for row in table.rows for cell in row for run in cell.inline)
    numbers = dict.fromkeys(run.id for run in runs if isinstance(run, NumberRun))
    return {"id": table.id, "title": table.title, "note": table.note, "numbers": [*numbers]}


def _entry_to_json(entry: Entry, provenance: Provenance) -> dict[str, Any]:
    number = entry.number
    source = number.source
    return {
        "id": entry.id,
        "value": number.value,
        "decimals": number.decimals,
        "unit": number.unit,
        "shown": number.shown[""],
        "forms": dict(number.shown),
        "label": number.label,
        "origin": source.origin,
        "survey": source.survey,
        "question": source.question,
        "filter": source.universe,
        "base": number.base,
        "weight": source.weight,
        "n": number.n,
        "N": number.N,
        "method": number.method,
        "low": number.low,
        "high": number.high,
        "level": number.level,
        "chapter": entry.chapter,
        "disclosure": number.disclosure,
        "source": source.citation or f"snapshot {provenance.snapshot_sha256[:12]}",
        "code": source.code,
    }


def register_rows(register: Register, texts: Texts) -> tuple[RegisterRow, ...]:
    """The rows of the annex, in the order of the memo."""
    return tuple(_row(entry, texts) for entry in register.entries.values())


def _row(entry: Entry, texts: Texts) -> RegisterRow:
    number = entry.number
    source = number.source
    code, divider, lookup = source.code.rpartition(".row(")
    facts = {
        "question": source.question,
        "filter": source.universe,
        "weight": source.weight,
        "method": number.method,
        "origin": texts.say(f"memo.origin.{source.origin}"),
        "citation": source.citation,
        "code": code or lookup,
    }
    own = {
        "label": number.label,
        "n": number.shown.get("n", ""),
        "N": number.shown.get("N", ""),
        "interval": number.shown.get("interval", ""),
    }
    named, own_named = (
        {texts.say(f"memo.source.{name}"): text for name, text in each.items() if text} for each in (facts, own)
    )
    return RegisterRow(entry.id, dict(number.shown), number.value, named, own_named, divider + lookup if code else "")
