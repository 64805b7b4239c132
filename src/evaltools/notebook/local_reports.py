"""A local report in a notebook: the same as the command line makes."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

from evaltools.errors import Fault, SettingsError
from evaltools.language import Language
from evaltools.local import Report, Wish, report_from
from evaltools.settings import read_settings


def local_report(
    system: str,
    data: str | Path,
    *,
    municipality: str = "",
    internal: bool = False,
    language: Language = "da",
    assumptions: str | Path | None = None,
) -> Report:
    """A municipality's own report of two pages from its register; a notebook shows it as a page.

    system : `aalborg`, `randers`, `koebenhavn`, `investment`, `interviews`, `leaders` or `pathway`. data : the
    register, a `.csv` or `.xlsx`. municipality : whose records, where the file holds those of several. internal : show
    own small counts; without it the report is fit for publication. language : of the report. assumptions : a file of
    what it calculates with (see docs/local.md).
    Returns a `Report`, which `write_report` writes as files; its `file.told` lists what could not be used.
    Raises `SettingsError` NO_DICTIONARY, and `DataError` as `evaltools.local.report_from` does.
    """
    dictionary = read_settings(os.environ, Path.cwd()).dictionary
    if dictionary is None:
        remedy = "Run the notebook below the folder that holds data_dictionary and surveys."
        raise SettingsError(Fault("NO_DICTIONARY", "local_report", "there is no data_dictionary here", remedy))
    assumed = None if assumptions is None else Path(assumptions)
    return report_from(system, Path(data), dictionary, Wish(municipality, internal, language, assumed), dt.date.today())
