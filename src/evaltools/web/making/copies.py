"""Copies of questionnaires and receipts as files: what the child process makes, and the quick ones made at once."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from markupsafe import Markup

from evaltools.collect.copies import (
    Submitted,
    Surroundings,
    questionnaire_document,
    receipt_document,
    receipt_json,
    receipt_xlsx,
)
from evaltools.collect.workbook import Contents, write_workbook
from evaltools.document.html import body_html
from evaltools.document.pdf import pdf_bytes
from evaltools.language import Language, date
from evaltools.schema import survey_from_source
from evaltools.store import Fieldwork, OpenWave
from evaltools.web.form import Contact, Keeping, privacy_text
from evaltools.web.local_time import local

COPIES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "pdf": "application/pdf",
        "json": "application/json",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    }
)
"""Media type by the ending of a file."""


def keeping_of(wave: OpenWave, fieldwork: Fieldwork, language: Language) -> Keeping:
    """What the notice on personal data must know of a wave."""
    contact = fieldwork.contact
    return Keeping(
        title=wave.questionnaire.titled(language),
        publisher=fieldwork.publisher.to(language),
        contact=Contact(contact.name, contact.email, contact.phone),
        keep_until=None if fieldwork.keep_until == dt.date.max else fieldwork.keep_until,
        legal_basis=fieldwork.legal_basis,
        statistics_only=fieldwork.mode == "statistics",
        own=fieldwork.privacy.to(language),
    )


def around_of(wave: OpenWave, fieldwork: Fieldwork, language: Language, today: dt.date) -> Surroundings:
    """What stands around the questions in a copy that is made today."""
    contact = fieldwork.contact
    return Surroundings(
        made_on=today,
        closes_on="" if fieldwork.closes_at is None else date(local(fieldwork.closes_at).date(), language),
        contact=", ".join(part for part in (contact.name, contact.email, contact.phone) if part),
        privacy=privacy_text(keeping_of(wave, fieldwork, language), language),
    )


def questionnaire_copy(source: str, form: str, language: Language, around: Surroundings) -> bytes:
    """The whole questionnaire as `pdf` or `xlsx`. source: as `Questionnaire.source` holds it."""
    questionnaire = survey_from_source(source)
    if form == "xlsx":
        return write_workbook(questionnaire, Contents(), language)
    return pdf_bytes(questionnaire_document(questionnaire, language, around))


def questionnaire_html(source: str, language: Language, around: Surroundings) -> Markup:
    """The whole questionnaire as the middle of a page."""
    return Markup(body_html(questionnaire_document(survey_from_source(source), language, around)))  # noqa: S704


def receipt_copy(source: str, form: str, language: Language, submitted: Submitted) -> bytes:
    """The receipt as `pdf`, `xlsx` or `json`."""
    questionnaire = survey_from_source(source)
    if form == "json":
        return json.dumps(receipt_json(questionnaire, submitted), ensure_ascii=False, indent=1).encode()
    if form == "xlsx":
        return receipt_xlsx(questionnaire, submitted, language)
    return pdf_bytes(receipt_document(questionnaire, submitted, language), spells_unknown=True)
