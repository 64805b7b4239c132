"""`evaltools open WAVE --store FILE`: open a wave in a store and freeze its questionnaire."""

from __future__ import annotations

import argparse
import datetime as dt
import json
from pathlib import Path

from evaltools.cli.populations import units_of
from evaltools.schema import freeze_survey, opened_on, read_survey
from evaltools.store import open_store, open_wave, read_fieldwork


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument("wave", type=Path, help="the folder of the wave, surveys/<survey>/<wave>")
    parser.add_argument("--store", type=Path, required=True, help="the store; made if it is not there")
    parser.add_argument("--units", type=Path, help="the file of the units, if not in the data dictionary")
    parser.add_argument("--json", action="store_true", help="report as JSON")


def run(options: argparse.Namespace) -> int:
    """From here on the store takes in answers to the wave, and its questions can no longer change."""
    questionnaire = read_survey(options.wave)
    units = units_of(questionnaire, options.wave, options.units)
    now = dt.datetime.now(dt.UTC)
    fieldwork = read_fieldwork(options.wave, opened_on(options.wave) or now.date())
    with open_store(options.store, create=True) as store:
        open_wave(store, questionnaire, units, origin="collected", at=now, fieldwork=fieldwork)
    frozen = freeze_survey(options.wave, now.date())
    if options.json:
        print(json.dumps({"wave": questionnaire.id, "units": len(units), "frozen": str(frozen)}))
    else:
        print(f"{questionnaire.id} is open for {len(units)} units in {options.store}; frozen in {frozen}")
    return 0
