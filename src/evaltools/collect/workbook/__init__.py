"""Excel as an equal channel: a workbook of a questionnaire, and what was answered in one."""

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

__all__ = [
    "Cell",
    "Change",
    "ChangeKind",
    "Contents",
    "FilledIn",
    "Identity",
    "Preview",
    "ReadResponse",
    "ReadWorkbook",
    "ResponsePreview",
    "Standing",
    "Unread",
]
