"""`evaltools rehearse PATH --store FILE`: fill a store with made-up answers from the schema alone."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
from dataclasses import asdict
from itertools import groupby
from pathlib import Path

from evaltools.cli.populations import units_of
from evaltools.errors import Fault, SchemaError, SettingsError
from evaltools.rehearsal import Rehearsal, rehearse
from evaltools.schema import Questionnaire, read_survey
from evaltools.store import Store, new_store

SEED = 2018


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument("path", type=Path, help="the folder of all surveys, of one survey or of one wave")
    parser.add_argument("--store", type=Path, required=True, help="the store to make")
    parser.add_argument("--seed", type=int, default=SEED, help=f"equal seeds give equal answers (default {SEED})")
    parser.add_argument("--renew", action="store_true", help="replace a rehearsal that is there already")
    parser.add_argument("--units", type=Path, help="the file of the units, if not in the data dictionary")
    parser.add_argument("--json", action="store_true", help="report as JSON")


def run(options: argparse.Namespace) -> int:
    """Make the store aside, and put it in its place when every wave is in."""
    questionnaires = _questionnaires(options.path)
    with new_store(options.store, renew=options.renew) as store:
        rehearsals = _rehearse(store, questionnaires, options)
    waves = [wave for rehearsal in rehearsals for wave in rehearsal.waves]
    if options.json:
        print(json.dumps({"seed": options.seed, "waves": [asdict(wave) for wave in waves]}, ensure_ascii=False))
    else:
        print(f"{options.store}: {len(waves)} waves rehearsed with seed {options.seed}; none of it is collected")
    return 0


def _rehearse(store: Store, found: list[Questionnaire], options: argparse.Namespace) -> list[Rehearsal]:
    at = dt.datetime.now(dt.UTC)
    by_population = groupby(sorted(found, key=lambda one: one.population), key=lambda one: one.population)
    return [
        rehearse(store, group, units_of(group[0], options.path, options.units), seed=options.seed, at=at, progress=_say)
        for group in (list(members) for _, members in by_population)
    ]


def _questionnaires(path: Path) -> list[Questionnaire]:
    files = [path] if path.is_file() else sorted(path.rglob("questionnaire.yaml"))
    if not files:
        remedy = "Name the folder of all surveys, of one survey or of one wave."
        raise SettingsError(Fault("NO_QUESTIONNAIRE", str(path), "there is no questionnaire here", remedy))
    found: list[Questionnaire] = []
    faults: list[Fault] = []
    for file in files:
        try:
            found.append(read_survey(file))
        except SchemaError as error:
            faults.extend(error.faults)
    if faults:
        raise SchemaError(*faults)
    return found


def _say(line: str) -> None:
    print(f"  {line}", file=sys.stderr)
