"""`evaltools power FILE --waves 2015:24,2016:25`: what a plan of a rollout can show, from the counts before it."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from csv import Error
from pathlib import Path
from typing import Final

import pandas as pd

from evaltools.errors import Fault, SettingsError
from evaltools.estimate.result import Estimate
from evaltools.estimate.rollout import Assumed, Order, baseline, order_by_lot, order_by_unit, power
from evaltools.estimate.spreading import Progress, over_processes
from evaltools.language.text import LANGUAGES

_WIDTH: Final = 30


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument("file", type=Path, help="CSV before the rollout: one row per unit and period, with counts")
    who = parser.add_mutually_exclusive_group(required=True)
    who.add_argument("--waves", help="how many units adopt when, by lot: 2015:24,2016:25")
    who.add_argument("--plan", type=Path, metavar="CSV", help="which unit adopts when: columns unit and first")
    parser.add_argument("--until", default="", metavar="PERIOD", help="the last period that is measured")
    for name in ("unit", "period", "count", "base"):
        parser.add_argument(f"--{name}", default=name, metavar="COLUMN", help=f'column of the {name} ("{name}")')
    parser.add_argument("--effects", default="", metavar="POINTS", help="percentage points to try: 1,2,3")
    parser.add_argument("--ramp", type=int, default=1, help="periods until the effect is whole (1)")
    parser.add_argument("--estimator", choices=("imputation", "group_time"), default="imputation")
    parser.add_argument(
        "--average", choices=("size", "unit"), default="size", help="what counts alike: cases, or units"
    )
    parser.add_argument("--growth", type=float, default=1.0, help="cases against the baseline; 2: twice as many")
    parser.add_argument("--noise", type=float, help="a unit's standard deviation from period to period, in points")
    parser.add_argument("--replications", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1, help="processes (1)")
    parser.add_argument("--language", choices=LANGUAGES, default="da", help="language of the page")
    parser.add_argument("--json", action="store_true", help="print the numbers as JSON")


def run(options: argparse.Namespace) -> int:
    """Print the page, or the numbers."""
    assumed = Assumed(
        effects=tuple(_number(each, "--effects") / 100 for each in _listed(options.effects)),
        ramp=options.ramp,
        estimator=options.estimator,
        average=options.average,
        growth=options.growth,
    )
    known = baseline(
        _table(options.file),
        unit=options.unit,
        period=options.period,
        count=options.count,
        base=options.base,
        noise=None if options.noise is None else options.noise / 100,
        language=options.language,
    )
    spread = over_processes(options.jobs) if options.jobs > 1 else nullcontext()
    with spread, _bar() as told:
        found = power(
            known, _order(options), assumed, replications=options.replications, seed=options.seed, progress=told
        )
    print(json.dumps(_numbers(found), ensure_ascii=False, indent=2) if options.json else found)
    return 0


def _numbers(found: Estimate) -> Mapping[str, object]:
    rows = [
        {"effect": float(row.coordinate("effect")), "power": row.estimate, "low": row.low, "high": row.high, "n": row.n}
        for row in found.rows
    ]
    return {"rows": rows, **found.extra, "notes": found.notes, "code": found.source.code}


def _order(options: argparse.Namespace) -> Order:
    if options.plan is not None:
        rows = _table(options.plan)
        missing = [name for name in ("unit", "first") if name not in rows.columns]
        if missing:
            problem = f'there is no column "{missing[0]}"'
            remedy = "The plan has the columns unit and first; first is empty for units that never adopt."
            raise SettingsError(Fault("PLAN_WITHOUT_COLUMN", str(options.plan), problem, remedy))
        return order_by_unit(dict(zip(rows["unit"], rows["first"], strict=True)), until=options.until)
    waves = [wave.partition(":") for wave in _listed(options.waves)]
    return order_by_lot({period: int(_number(count, "--waves")) for period, _, count in waves}, until=options.until)


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _number(text: str, option: str) -> float:
    try:
        return float(text)
    except ValueError:
        problem, remedy = f'"{text}" is not a number', "Write --waves 2015:24,2016:25 and --effects 1,2.5."
        raise SettingsError(Fault("OPTION_NOT_A_NUMBER", option, problem, remedy)) from None


def _table(path: Path) -> pd.DataFrame:
    """The rows of a CSV file as texts; commas or semicolons."""
    try:
        return pd.read_csv(path, sep=None, engine="python", dtype=str, encoding="utf-8-sig", keep_default_na=False)
    except (ValueError, Error) as error:
        problem = "this is not a table in CSV"
        raise SettingsError(Fault("NOT_A_TABLE", str(path), problem, "Save it as CSV with a row of names.")) from error


@contextmanager
def _bar() -> Iterator[Progress | None]:
    """A bar on the terminal while replications are made; nothing where nobody looks."""
    if not sys.stderr.isatty():
        yield None
        return

    def tell(done: int, count: int) -> None:
        filled = _WIDTH * done // count
        print(f"\r[{'#' * filled:<{_WIDTH}}] {done:,} / {count:,}", end="", file=sys.stderr, flush=True)

    try:
        yield tell
    finally:
        print(file=sys.stderr)
