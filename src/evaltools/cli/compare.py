"""`evaltools compare A B`: what happened to each item between two waves."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from dataclasses import asdict

from evaltools.schema import compare_waves, read_survey


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument("earlier", help="the folder of the earlier wave")
    parser.add_argument("later", help="the folder of the later wave")
    parser.add_argument("--json", action="store_true", help="print the changes as JSON")


def run(options: argparse.Namespace) -> int:
    """Print one line per item and a count of each kind of change."""
    changes = compare_waves(read_survey(options.earlier), read_survey(options.later))
    if options.json:
        print(json.dumps([asdict(change) for change in changes], ensure_ascii=False, indent=2))
        return 0
    width = max((len(change.name) for change in changes), default=0)
    for change in changes:
        print(f"{change.name:<{width}}  {change.change:<12}  {'; '.join(change.differences)}".rstrip())
    counts = Counter(change.change for change in changes)
    print(", ".join(f"{number} {name}" for name, number in counts.items()))
    return 0
