"""Excel as an equal channel: a workbook of a questionnaire, and what was answered in one."""

from evaltools.collect.workbook.difference import compare, settle
from evaltools.collect.workbook.gate import said
from evaltools.collect.workbook.identifying import identify, mismatch
from evaltools.collect.workbook.model import (
    Cell,
    Change,
    ChangeKind,
    Contents,
    FilledIn,
    Identity,
    Preview,
    ReadResponse,
    ReadWorkbook,
    ResponsePreview,
    Standing,
    Unread,
)
from evaltools.collect.workbook.opening import RawWorkbook, open_workbook
from evaltools.collect.workbook.reading import read_cells
from evaltools.collect.workbook.writing import write_workbook

__all__ = [
    "Cell",
    "Change",
    "ChangeKind",
    "Contents",
    "FilledIn",
    "Identity",
    "Preview",
    "RawWorkbook",
    "ReadResponse",
    "ReadWorkbook",
    "ResponsePreview",
    "Standing",
    "Unread",
    "compare",
    "identify",
    "mismatch",
    "open_workbook",
    "read_cells",
    "said",
    "settle",
    "write_workbook",
]
