"""`evaltools verify PATH`: check a store, a register of numbers, a memo file against its register, or a receipt."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from evaltools.errors import Fault, SettingsError

_REGISTER = "notat.json"
_OTHER_OUTPUTS = (".pdf", ".html", ".xlsx", ".ipynb")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the verb."""
    parser.add_argument(
        "path", type=Path, help="a store (.db), a register (notat.json), a memo (.docx) or a receipt (.json)"
    )
    parser.add_argument("--store", type=Path, help="the store of a register that lies elsewhere, or of a receipt")
    parser.add_argument("--json", action="store_true", help="report as JSON")


def run(options: argparse.Namespace) -> int:
    """Exit code 0 when everything holds, 1 when something differs."""
    if not options.path.exists():
        remedy = "Check the path; a register is called notat.json."
        raise SettingsError(Fault("NO_SUCH_FILE", str(options.path), "there is no such file", remedy))
    if options.path.suffix in _OTHER_OUTPUTS:
        remedy = f"Name the {_REGISTER} beside it; its numbers are the same."
        raise SettingsError(Fault("NOT_VERIFIABLE", str(options.path), "this file carries no register", remedy))
    verify = {".json": _verify_json, ".docx": _verify_docx}.get(options.path.suffix, _verify_store)
    summary, faults = verify(options)
    _tell(summary, faults, as_json=options.json)
    return 1 if faults else 0


def _tell(summary: str, faults: Sequence[Fault], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"summary": summary, "differences": [str(fault) for fault in faults]}, ensure_ascii=False))
        return
    if faults:
        print(faults[0])
    more = f"; {len(faults)} differences in all" if len(faults) > 1 else ""
    print(f"{summary}{more}" if faults else f"{summary}: all as recorded")


def _verify_store(options: argparse.Namespace) -> tuple[str, Sequence[Fault]]:
    from evaltools.store import open_store, verify_store
    from evaltools.store.keeping.note import read_note, verify_backup

    if read_note(options.path) is not None:
        return f"checked every byte and chain of the backup {options.path.name}", verify_backup(options.path)
    with open_store(options.path) as store:
        return f"checked every chain of {options.path.name}", verify_store(store)


def _verify_docx(options: argparse.Namespace) -> tuple[str, Sequence[Fault]]:
    from evaltools.document.docx import read_numbers
    from evaltools.memo.verify import compare_shown, read_register

    shown = read_numbers(options.path)
    faults = compare_shown(read_register(options.path.parent / _REGISTER), shown)
    return f"compared {len(shown)} numbers of {options.path.name} with {_REGISTER}", faults


def _verify_json(options: argparse.Namespace) -> tuple[str, Sequence[Fault]]:
    """A receipt says what it is; every other JSON file is taken for a register."""
    from evaltools.collect.copies import read_receipt

    receipt = read_receipt(options.path)
    return _verify_register(options) if receipt is None else _verify_receipt(options, receipt)


def _verify_receipt(options: argparse.Namespace, receipt: Mapping[str, object]) -> tuple[str, Sequence[Fault]]:
    from evaltools.store import open_store, verify_receipt

    if options.store is None:
        remedy = "Say where the answers are kept: evaltools verify receipt.json --store FILE."
        raise SettingsError(Fault("NO_STORE", options.path.name, "a receipt is checked against a store", remedy))
    with open_store(options.store) as store:
        return f"compared the receipt {options.path.name} with {options.store.name}", verify_receipt(store, receipt)


def _verify_register(options: argparse.Namespace) -> tuple[str, Sequence[Fault]]:
    from evaltools.memo.verify import read_register, verify_register
    from evaltools.notebook.verbs import recorded_verbs
    from evaltools.store import open_store, take_snapshot

    content = read_register(options.path)
    with open_store(_store(options, content)) as store:
        snapshot = take_snapshot(store)  # nothing of it is handed out but where a released number differs
    result = verify_register(content, recorded_verbs(snapshot, content["meta"]["published"]), snapshot.sha256)
    summary = f"computed {result.checked} numbers again ({result.constants} constants, {result.hidden} not shown)"
    return summary, result.differences


def _store(options: argparse.Namespace, content: dict[str, Any]) -> Path:
    recorded = content["meta"]["store"]
    beside = options.path.parent / Path(recorded).name
    path: Path = options.store or beside
    if not options.store and (Path(recorded).name != recorded or beside.is_symlink() or "\\" in recorded):
        remedy = "Say where it lies: evaltools verify notat.json --store FILE."
        raise SettingsError(Fault("STORE_ELSEWHERE", recorded, "a register only names a store beside it", remedy))
    if not path.exists():
        remedy = "Say where it lies: evaltools verify notat.json --store FILE."
        raise SettingsError(Fault("NO_STORE", path.name, "the store of this memo is not beside it", remedy))
    return path
