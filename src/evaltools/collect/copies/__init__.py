"""Copies for people: the whole questionnaire before anybody answers, and the receipt of what was submitted."""

from evaltools.collect.copies.model import Submitted, Surroundings
from evaltools.collect.copies.questionnaire import questionnaire_document
from evaltools.collect.copies.receipt import (
    read_receipt,
    receipt_document,
    receipt_json,
    receipt_xlsx,
)

__all__ = [
    "Submitted",
    "Surroundings",
    "questionnaire_document",
    "read_receipt",
    "receipt_document",
    "receipt_json",
    "receipt_xlsx",
]
