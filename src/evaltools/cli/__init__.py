"""The command line: one verb per file, imported when it is called."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
import traceback
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final, Protocol, cast

from evaltools.errors import EvaltoolsError, Fault, near
from evaltools.settings import TRACE

VERBS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "check": "check a questionnaire, or all of them, and print the answer fields per path",
        "compare": "say for two waves which items are unchanged, reworded, extended or incompatible",
        "new": "begin a questionnaire from modules",
        "rehearse": "fill a store with made-up answers from the schema alone",
        "open": "open a wave in a store and freeze its questionnaire",
        "access": "make, replace and end links and tokens; add operators; reopen an answer",
        "status": "say who has answered, how skewed the answers so far are, and whom to call next",
        "remind": "write invitations and reminders, by mail or for mail merge",
        "workbook": "write the workbook that a unit can answer in, or one for every unit",
        "receive": "take in a file of answers, or a workbook",
        "backup": "copy a store while it is in use, verify the copy, and thin older ones",
        "restore": "bring a backup back as the store",
        "purge": "erase names, contacts and words from a wave whose retention date has come",
        "serve": "run the form, the status board and the machine interface",
        "export": "write labelled data for SPSS, Stata, parquet or CSV",
        "memo": "execute the chapters and write the memo",
        "verify": "run the recorded code again and report the first difference",
        "local": "make a municipality's own report from its register",
        "sheets": "make the pages that show a unit its answers beside those of others",
        "power": "say what a plan of a rollout can show, from the counts before it",
        "dictionary": "write the pages of the data dictionary",
    }
)


class Verb(Protocol):
    """What each file of this folder offers."""

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the arguments of the verb."""

    def run(self, options: argparse.Namespace) -> int:
        """Do it; return the exit code."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; exit code 0 is fine, 2 the user's mistake, 1 ours."""
    words = list(sys.argv[1:] if argv is None else argv)
    if not words or words[0] in ("-h", "--help"):
        print(_overview())
        return 0
    if words[0] not in VERBS:
        print(f'evaltools: there is no verb "{words[0]}". {near(words[0], VERBS)}', file=sys.stderr)
        return 2
    return _run(words[0], words[1:])


def _run(name: str, words: Sequence[str]) -> int:
    try:
        verb = cast(Verb, importlib.import_module(f"evaltools.cli.{name}"))
        parser = argparse.ArgumentParser(prog=f"evaltools {name}", description=VERBS[name])
        verb.arguments(parser)
        code = verb.run(parser.parse_args(words))
        sys.stdout.flush()
        return code
    except (Exception, KeyboardInterrupt) as error:
        if os.environ.get(TRACE):
            traceback.print_exc()
        code, told = _told(error)
        if told:
            print(f"evaltools {name}: {told}", file=sys.stderr)
        return code


def _told(error: BaseException) -> tuple[int, str]:
    """The exit code of an error, and the sentence it is told with: everybody can read it, nobody needs the trace."""
    if isinstance(error, EvaltoolsError):
        return 2, str(error)
    if isinstance(error, KeyboardInterrupt):
        return 2, "stopped; nothing that was finished is lost."
    if isinstance(error, BrokenPipeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # whoever read the output has gone: all is well
        return 0, ""
    if isinstance(error, OSError) and error.strerror:
        remedy = "Check the path, the room on the disk and your rights there; what was there before is whole."
        return 2, str(Fault("FILE_TROUBLE", str(error.filename or ""), error.strerror.lower(), remedy))
    problem = f"{type(error).__name__}: {error}".strip(": ").rstrip(".")
    return 1, f"this is a fault of evaltools, not yours. {problem}. Set {TRACE}=1 to see where it happened."


def _overview() -> str:
    width = max(map(len, VERBS))
    lines = "\n".join(f"  {name:<{width}}  {line}" for name, line in VERBS.items())
    return f"usage: evaltools VERB ...\n\n{lines}\n\nevaltools VERB --help tells about one verb."
