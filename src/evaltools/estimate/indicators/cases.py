"""Published cases: counts from a named source, read from `data_dictionary/published_cases.yaml`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NoReturn

from evaltools.errors import DesignError, Fault, near
from evaltools.estimate.bases import PERIODS, Base
from evaltools.estimate.indicators.counted import LARGEST_BASE, counted_row, r_of
from evaltools.estimate.result import Estimate, Row, Source
from evaltools.estimate.survey.writing import words
from evaltools.language import Language, texts
from evaltools.schema.model import Confidentiality
from evaltools.schema.reading import read_document

FILE: Final = "published_cases.yaml"
UNITS: Final[Mapping[str, tuple[str, Confidentiality]]] = {
    "children": ("child", "children"),
    "families": ("family", "families"),
    "placements": ("placement", "children"),
    "meetings": ("meeting", "families"),
    "interviews": ("interview", "families"),
    "municipalities": ("municipality", "practice"),
}
"""What a case may count: the noun of the language room, and whose secrets the counts touch."""

COUNTED: Final = frozenset({"id", "count", "base", "period"})
CITED: Final = frozenset({"id", "percent", "low", "high", "kind", "period"})

Entry = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class _Case:
    """One entry with the words to read it in."""

    name: str
    entry: Entry
    language: Language
    level: float

    def text(self, key: str, default: str = "") -> str:
        """The text under a key in the language asked for."""
        return _text(self.entry.get(key, default), self.language)

    def refuse(self, problem: str, remedy: str, code: str = "CASE_WITHOUT_SHAPE") -> NoReturn:
        """Raise a `DesignError` that names the case."""
        raise DesignError(Fault(code, f"{FILE}: {self.name}", problem, remedy))


def read_published_cases(folder: Path) -> dict[str, object]:
    """The entries of `published_cases.yaml` in the folder of the data dictionary, by id: plain text, as in the file.

    Raises `SchemaError` for a file that is not there or not YAML, `DesignError` CASE_WITHOUT_SHAPE.
    """
    data = read_document(folder / FILE, f"{folder.name}/{FILE}").data
    cases = data.get("cases") if isinstance(data, Mapping) else None
    if not isinstance(cases, Mapping):
        problem = "there is no list of cases"
        raise DesignError(Fault("CASE_WITHOUT_SHAPE", FILE, problem, "Begin the file with `cases:`."))
    return dict(cases)


def published_case(
    case: str,
    folder: Path | None = None,
    *,
    cases: Mapping[str, object] | None = None,
    level: float = 0.95,
    language: Language = "da",
) -> Estimate:
    """The shares of a published case, one row per period, each with a binomial interval.

    case : its id. folder : the folder `data_dictionary`; or cases : the entries by id.
    An entry that says its `period` (stock, flow or unknown), `age_base` and `span` is never set beside an unlike one.
    Counts give `count` of `n` with Wilson's interval, or Clopper-Pearson's where fewer than 5 cases are counted or
    left over. A value that is only known as a percentage is cited as it stands: `n` is 0, and there is no interval.

    Returns rows with the coordinate `period` (the id of the value); `extra` has `target` where the case names one.
    Raises `DesignError`: NO_SUCH_CASE, NO_CASES_GIVEN, CASE_WITHOUT_SHAPE, CITED_RANGE, COUNT_NOT_WHOLE,
    COUNT_ABOVE_BASE, LEVEL_NOT_A_SHARE; `SchemaError` for the file.
    """
    known = cases if cases is not None else read_published_cases(_folder(folder))
    if case not in known:
        raise DesignError(Fault("NO_SUCH_CASE", FILE, f'there is no published case "{case}"', near(case, known)))
    entry = known[case]
    if not isinstance(entry, Mapping):
        raise DesignError(Fault("CASE_WITHOUT_SHAPE", FILE, f'"{case}" has no keys', "Give label, unit, measure."))
    read = _Case(case, entry, language, level)
    _check_shape(read)
    rows = tuple(_counted(read, value) for value in _values(read, "counts"))
    rows += tuple(_cited(read, value) for value in _values(read, "cited"))
    notes = [read.text("note")] if "note" in entry else []
    if not notes and any(row.count is None for row in rows):
        notes = [texts(language).say("estimate.note.no_counts")]
    return Estimate("share", rows, _source(read), tuple(notes), r=r_of(rows), extra=_target(read))


def _folder(folder: Path | None) -> Path:
    if folder is None:
        problem = "neither the folder of the data dictionary nor the cases are given"
        raise DesignError(Fault("NO_CASES_GIVEN", FILE, problem, "Name the folder, or use `ev.published(case)`."))
    return folder


def _check_shape(case: _Case) -> None:
    for key in ("label", "unit", "measure", "citation"):
        if key not in case.entry:
            case.refuse(f'the key "{key}" is missing', "Give label, unit, measure, citation and counts.")
    if str(case.entry["unit"]) not in UNITS:
        case.refuse(f'the unit is "{case.entry["unit"]}"', near(str(case.entry["unit"]), UNITS))
    if not (_values(case, "counts") or _values(case, "cited")):
        case.refuse("it holds no number", "Give `counts` with count and base, or `cited` with percent.")


def _values(case: _Case, key: str) -> list[Entry]:
    values = case.entry.get(key, ())
    if not isinstance(values, Sequence) or isinstance(values, str):
        case.refuse(f'"{key}" is not a list', "Write one line per value, each with an id and a period.")
    allowed = COUNTED if key == "counts" else CITED
    for value in values:
        if not isinstance(value, Mapping) or not {"id", "period"} <= set(value):
            case.refuse(f'a value in "{key}" lacks id or period', "Write one line per value, with id and period.")
        for name in value:
            if name not in allowed:
                case.refuse(f'a value in "{key}" has the unknown key "{name}"', near(str(name), allowed))
    return list(values)


def _counted(case: _Case, value: Entry) -> Row:
    if not {"count", "base"} <= set(value):
        remedy = "Give both, or move the value to `cited` with its percentage."
        case.refuse(f'"{value["id"]}" lacks its count or its base', remedy, "COUNTS_INCOMPLETE")
    count, n = _whole(case, value["count"]), _whole(case, value["base"])
    if n > LARGEST_BASE:
        case.refuse(f'"{value["id"]}" has a base of {n}', f"Give at most {LARGEST_BASE}.", "BASE_TOO_LARGE")
    place = (("period", str(value["id"])),)
    labels = (_text(value["period"], case.language),)
    return counted_row(place, labels, (count, n), level=case.level, language=case.language)


def _cited(case: _Case, value: Entry) -> Row:
    if "percent" not in value:
        problem = f'"{value["id"]}" is a rough figure ({value.get("low")} to {value.get("high")}), not a number'
        case.refuse(problem, "Quote it with its source in the text.", "CITED_RANGE")
    try:
        share = float(str(value["percent"])) / 100
    except ValueError:
        case.refuse(f'"{value["percent"]}" is not a number', "Write digits, with a point.")
    return Row(
        coordinates=(("period", str(value["id"])),),
        labels=(_text(value["period"], case.language),),
        estimate=share,
        n=0,
        base=0.0,
        method=texts(case.language).say("estimate.method.cited"),
        level=case.level,
    )


def _source(case: _Case) -> Source:
    unit, confidentiality = UNITS[str(case.entry["unit"])]
    arguments = {"level": case.level, "language": case.language}
    return Source(
        origin="published",
        survey=case.name,
        question=case.text("label"),
        universe=case.text("universe") or case.text("measure"),
        weight=texts(case.language).say("estimate.weight.none"),
        confidentiality=confidentiality,
        code=words.call("published_case", words.literal(case.name), arguments),
        citation=case.text("citation"),
        unit=unit,
        language=case.language,
        made_of=_made_of(case, unit),
    )


def _made_of(case: _Case, unit: str) -> Base | None:
    """What the case counts and of what; None where its entry says no period."""
    if "period" not in case.entry:
        return None
    period = str(case.entry["period"])
    if period not in PERIODS:
        case.refuse(f'the period is "{period}"', near(period, PERIODS))
    denominator = case.text("universe") or case.text("measure")
    return Base(case.text("measure"), denominator, unit, case.text("age_base"), period, case.text("span"))


def _target(case: _Case) -> dict[str, float]:
    target = case.entry.get("target")
    if not isinstance(target, Mapping) or "share" not in target:
        return {}
    return {"target": float(str(target["share"]))}


def _whole(case: _Case, value: object) -> int:
    if not str(value).isdigit():
        case.refuse(f'"{value}" is not a whole number', "Write digits only.", "COUNT_NOT_WHOLE")
    return int(str(value))


def _text(value: object, language: Language) -> str:
    if isinstance(value, Mapping):
        return str(value.get(language) or value.get("da") or "")
    return str(value)
