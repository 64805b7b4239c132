"""`evaltools dictionary [ROOT] [--check]`: write the pages of the data dictionary, or say which are stale."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from evaltools.codebook import dictionary_pages, stale_pages, write_pages


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument("root", nargs="?", default=".", type=Path, help="folder that holds data_dictionary and surveys")
    parser.add_argument("--check", action="store_true", help="write nothing; exit code 2 if a page is stale")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")


def run(options: argparse.Namespace) -> int:
    """Do it; return the exit code."""
    pages = dictionary_pages(options.root)
    stale = stale_pages(options.root, pages)
    if stale and not options.check:
        write_pages(options.root, pages)
    if options.json:
        print(json.dumps({"pages": list(pages), "stale": list(stale), "written": bool(stale) and not options.check}))
    else:
        print("\n".join(_lines(stale, len(pages), options.check)))
    return 2 if stale and options.check else 0


def _lines(stale: tuple[str, ...], count: int, check: bool) -> list[str]:
    if not stale:
        return [f"{count} pages, all fresh."]
    if check:
        return [*(f"{name}: stale" for name in stale), "Run `evaltools dictionary` to write them again."]
    return [f"wrote {name}" for name in stale]
