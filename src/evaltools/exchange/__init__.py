"""Other programs' formats: SPSS, Stata, parquet and CSV, out and in."""

from evaltools.exchange.exporting import FORMATS, export
from evaltools.exchange.foreign import missing_codes, read_spss, read_stata
from evaltools.exchange.losses import loss_json, loss_text
from evaltools.exchange.model import ExportReport, ForeignData, Format, Note

__all__ = [
    "FORMATS",
    "ExportReport",
    "ForeignData",
    "Format",
    "Note",
    "export",
    "loss_json",
    "loss_text",
    "missing_codes",
    "read_spss",
    "read_stata",
]
