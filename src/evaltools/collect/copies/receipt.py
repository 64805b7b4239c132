"""The receipt of a submitted response: all that was answered in words, and how anybody can check that it is kept."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from evaltools.collect.copies.model import Submitted
from evaltools.collect.limits import CONTACT_PREFIX
from evaltools.collect.routing import complete
from evaltools.collect.saying import moment_words, said
from evaltools.collect.values import value_to_json
from evaltools.document.model import Block, Box, Bullets, Cell, Document, Paragraph, Table, TextRun
from evaltools.document.xlsx import xlsx_bytes
from evaltools.language import Language, texts
from evaltools.schema import Field, Numbering, Questionnaire, Section, fields, numbering
from evaltools.schema.missing import Missing
from evaltools.schema.model import REASON_SUFFIX, Value

KIND: Final = "evaltools receipt 1"
"""What stands in `kind` of the JSON, so that a program knows what it reads."""
LARGEST: Final = 16_000_000
"""Bytes of the largest receipt that is read."""
WIDTHS: Final = (1.0, 5.2, 4.0)


def receipt_document(questionnaire: Questionnaire, submitted: Submitted, language: Language) -> Document:
    """The receipt for the writers of `document`: facts, every answer that was asked for, the reasons, the check."""
    say = texts(language).say
    return Document(
        title=say("collect.receipt.title", title=questionnaire.titled(language)),
        subtitle=submitted.unit_name,
        author="",
        date="",
        iso_date=submitted.at.date().isoformat(),
        language=language,
        description=say("collect.receipt.description", unit=submitted.unit_name),
        blocks=(
            *_answer_tables(questionnaire, submitted, language),
            *_reasons(questionnaire, submitted, language),
        ),
        register=(),
        facts=tuple(_facts(submitted, language)),
        box=_how_to_check(language),
        kind=say("collect.receipt.kind"),
    )


def receipt_json(questionnaire: Questionnaire, submitted: Submitted) -> dict[str, object]:
    """The receipt as JSON: the answers as programs know them, and the hash, which `receipt_hash` makes of them."""
    return {
        "kind": KIND,
        **_key(questionnaire, submitted),
        "unit_name": submitted.unit_name,
        "version": submitted.version,
        "submitted_at": submitted.at.isoformat(),
        "by": submitted.by,
        "channel": submitted.channel,
        "schema_sha256": questionnaire.content_sha256,
        "content_sha256": submitted.content_sha256,
        "answers": {name: value_to_json(value) for name, value in submitted.answers.items()},
        "how_to_check": texts("en").say("collect.receipt.check_json"),
    }


def receipt_xlsx(questionnaire: Questionnaire, submitted: Submitted, language: Language) -> bytes:
    """The receipt as a workbook: a cover with the facts, a sheet for each section, and one for the reasons."""
    return xlsx_bytes(receipt_document(questionnaire, submitted, language))


def read_receipt(path: Path) -> Mapping[str, object] | None:
    """The receipt in a JSON file; None where the file is something else, or larger than a receipt can be.

    Raises: `OSError` where the file cannot be read.
    """
    if path.stat().st_size > LARGEST:
        return None
    try:
        content = json.loads(path.read_text("utf-8"))
    except (ValueError, RecursionError):
        return None
    return content if isinstance(content, dict) and content.get("kind") == KIND else None


def _key(questionnaire: Questionnaire, submitted: Submitted) -> dict[str, str]:
    return {
        "survey": questionnaire.survey,
        "wave": questionnaire.wave,
        "unit": submitted.unit,
        "record": submitted.record,
    }


def _facts(submitted: Submitted, language: Language) -> Iterator[tuple[str, str]]:
    say = texts(language).say
    unit = f"{submitted.unit_name} ({submitted.unit})"
    yield say("collect.receipt.unit"), unit
    if submitted.record:
        yield say("collect.receipt.record"), submitted.record
    yield say("collect.receipt.at"), moment_words(submitted.at, language)
    if submitted.by:
        yield say("collect.receipt.by"), submitted.by
    yield say("collect.receipt.channel"), say(f"collect.receipt.channels.{submitted.channel}")
    yield say("collect.receipt.version"), str(submitted.version)
    yield say("collect.receipt.hash"), submitted.content_sha256


def _answer_tables(questionnaire: Questionnaire, submitted: Submitted, language: Language) -> Iterator[Block]:
    values = complete(questionnaire, submitted.answers)
    numbers = numbering(questionnaire)
    for section in questionnaire.sections:
        asked = [field for field in _fields_of(questionnaire, section) if _is_told(values.get(field.name))]
        if asked:
            rows = tuple(_row(field, values.get(field.name), numbers, language) for field in asked)
            title = section.title.to(language)
            yield Table(f"answers-{section.name}", title, _header(language), rows, "", widths=WIDTHS)


def _header(language: Language) -> tuple[str, ...]:
    return tuple(texts(language).say(f"collect.receipt.{name}") for name in ("number", "question", "answer"))


def _fields_of(questionnaire: Questionnaire, section: Section) -> Iterator[Field]:
    """The fields of a section, in order."""
    return (field for field in fields(questionnaire) if field.item.section == section.name)


def _is_told(value: Value | None) -> bool:
    return value is not Missing.NOT_ASKED


def _row(field: Field, value: Value | None, numbers: Numbering, language: Language) -> tuple[Cell, ...]:
    is_number = isinstance(value, int | float) and not isinstance(value, bool | Missing)
    answer = Cell((TextRun(said(value, field, language)),), value if is_number else None)  # type: ignore[arg-type]
    return (_cell(numbers.fields[field.name]), _cell(field.label.to(language)), answer)


def _cell(text: str) -> Cell:
    return Cell((TextRun(text),))


def _reasons(questionnaire: Questionnaire, submitted: Submitted, language: Language) -> Iterator[Block]:
    """The reasons that were written, each beside what it answers."""
    say = texts(language).say
    asked = _asked_reasons(questionnaire, language)
    rows = [
        (*map(_cell, asked.get(name, ("", name.removesuffix(REASON_SUFFIX)))), _cell(str(value)))
        for name, value in submitted.answers.items()
        if name.endswith(REASON_SUFFIX) and value
    ]
    if rows:
        header = tuple(say(f"collect.receipt.{name}") for name in ("number", "check", "reason"))
        yield Table("reasons", say("collect.receipt.reasons"), header, tuple(rows), "", widths=WIDTHS)


def _asked_reasons(questionnaire: Questionnaire, language: Language) -> dict[str, tuple[str, str]]:
    """What each reason answers: the number of the question, and what the check said."""
    numbers = numbering(questionnaire).fields
    told = {
        f"{CONTACT_PREFIX}{field.name}{REASON_SUFFIX}": (numbers[field.name], field.label.to(language))
        for field in fields(questionnaire)
    }
    rules = {
        f"{rule.name}{REASON_SUFFIX}": (numbers.get(rule.at, ""), rule.message.to(language))
        for rule in questionnaire.rules
    }
    return {**told, **rules}


def _how_to_check(language: Language) -> Box:
    say = texts(language).say
    steps = tuple((TextRun(say(f"collect.receipt.steps.{step}")),) for step in ("json", "ask", "command"))
    told = (Paragraph((TextRun(say("collect.receipt.how")),)), Bullets(steps, ordered=True))
    return Box(say("collect.receipt.how_title"), told)
