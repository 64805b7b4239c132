"""Read one wave of a survey, or check one or many: everything that is wrong is said at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from evaltools.errors import Fault, SchemaError
from evaltools.schema.asking import PathCount, count_path
from evaltools.schema.checks import LAYOUT, all_faults
from evaltools.schema.expand import FILE, expand
from evaltools.schema.freezing import frozen_faults, write_opened
from evaltools.schema.model import Questionnaire
from evaltools.schema.resolve import resolve


@dataclass(frozen=True, slots=True)
class SurveyReport:
    """What `evaltools check` says of one questionnaire. `id` is empty if it could not be read at all."""

    path: Path
    id: str
    faults: tuple[Fault, ...]
    paths: tuple[PathCount, ...] = ()
    questionnaire: Questionnaire | None = None


def read_survey(path: str | Path) -> Questionnaire:
    """The questionnaire in a folder (its `questionnaire.yaml`) or file, complete and checked.

    :raises SchemaError: with all faults found, each with file, line and remedy; also WAVE_CHANGED when the wave
        has been opened and its content has changed since. Long lines and items are left to `check_survey`

    path : the folder or file. Returns a `Questionnaire`.

    >>> read_survey("surveys/network_methods/2018").id
    'network_methods/2018'
    """
    report = check_survey(path)
    faults = [fault for fault in report.faults if fault.code not in LAYOUT]
    if faults or report.questionnaire is None:
        raise SchemaError(*faults)
    return report.questionnaire


def check_survey(path: str | Path) -> SurveyReport:
    """All faults of a questionnaire, and the answer fields that its example respondents meet."""
    place = Path(path)
    try:
        resolved = resolve(expand(place))
    except SchemaError as error:
        return SurveyReport(place, "", error.faults)
    questionnaire = resolved.questionnaire
    faults = all_faults(resolved)
    if all(fault.code in LAYOUT for fault in faults):
        faults += frozen_faults(place, questionnaire)
    counts = tuple(count_path(questionnaire, each) for each in questionnaire.paths)
    return SurveyReport(place, questionnaire.id, faults, counts, questionnaire)


def check_surveys(path: str | Path) -> tuple[SurveyReport, ...]:
    """A report for each questionnaire at or below a path. Raises `SchemaError` NO_QUESTIONNAIRE if there is none."""
    place = Path(path)
    files = [place] if place.is_file() else sorted(place.rglob(FILE))
    if not files:
        problem = f"there is no {FILE} at or below this path"
        raise SchemaError(Fault("NO_QUESTIONNAIRE", place.as_posix(), problem, "Begin one: evaltools new PATH."))
    return tuple(_with_duplicates([check_survey(file) for file in files]))


def _with_duplicates(reports: Iterable[SurveyReport]) -> Iterator[SurveyReport]:
    first: dict[str, Path] = {}
    for report in reports:
        before = first.setdefault(report.id, report.path) if report.id else report.path
        if before == report.path:
            yield report
            continue
        problem = f"{report.id} stands in {before.as_posix()} too"
        fault = Fault("DUPLICATE_SURVEY", f"{report.path.as_posix()}:1", problem, "Give it another survey or wave.")
        yield replace(report, faults=(*report.faults, fault))


def freeze_survey(path: str | Path, when: dt.date) -> Path:
    """Freeze a wave that is about to be opened: writes `opened.yaml` beside it and gives its path.

    :raises SchemaError: if the questionnaire has faults, or was opened before with other content
    """
    return write_opened(Path(path), read_survey(path), when)
