"""The local systems: a municipality's register in a file, its indicators, and a report of two pages."""

from evaltools.local.making import SYSTEMS, Report, Wish, make_report, report_from, system_named, write_report
from evaltools.local.model import LocalFile, LocalRecord, Told
from evaltools.local.reading import read_local
from evaltools.local.report import System, one_place
from evaltools.local.setting import Local

__all__ = [
    "SYSTEMS",
    "Local",
    "LocalFile",
    "LocalRecord",
    "Report",
    "System",
    "Told",
    "Wish",
    "make_report",
    "one_place",
    "read_local",
    "report_from",
    "system_named",
    "write_report",
]
