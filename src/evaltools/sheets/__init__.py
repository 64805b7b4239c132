"""Comparison sheets: a unit's own answers beside its region, its size and all, made aside as finished pages."""

from evaltools.sheets.making import PAGE_KIND, Made, make_sheets
from evaltools.sheets.telling import sheet_cells

__all__ = ["PAGE_KIND", "Made", "make_sheets", "sheet_cells"]
