"""Files of answers: one response, or all responses of a wave, as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from evaltools.errors import CollectError, Fault, near
from evaltools.store.model import Submission

_SHARED: Final = ("survey", "wave", "schema_sha256")
_ABOUT_ONE: Final = ("unit", "record", "answers", "actor", "submit", "base_version")
_MUST: Final = ("survey", "wave", "unit", "answers")


def read_submissions(path: Path | str) -> tuple[Submission, ...]:
    """The submissions in a JSON file, in its order.

    The file is `{"survey", "wave", "responses": [{"unit", "record"?, "answers", "actor"?, "submit"?}, ...]}`, or one
    response with its survey and wave.
    Raises: `CollectError` NO_FILE, FILE_NOT_JSON, KEY_MISSING, KEY_UNKNOWN, WRONG_FORM with every fault of the file.
    """
    place = Path(path)
    content = _load(place)
    if not isinstance(content, dict):
        raise CollectError(_wrong_form(str(place), "an object with `survey`, `wave` and `responses`"))
    responses = content.get("responses", [content])
    if not isinstance(responses, list):
        raise CollectError(_wrong_form(f"{place}: responses", "a list of responses"))
    shared = {name: content[name] for name in _SHARED if name in content}
    whole = [shared | one if isinstance(one, dict) else one for one in responses]
    faults = [fault for number, one in enumerate(whole, 1) for fault in _faults(f"{place}: response {number}", one)]
    if "responses" in content:
        faults = _unknown_keys(str(place), content, (*_SHARED, "responses")) + faults
    if faults:
        raise CollectError(*faults)
    return tuple(_submission(one) for one in whole)


def _load(place: Path) -> object:
    try:
        return json.loads(place.read_text("utf-8-sig"), object_pairs_hook=_no_twins)
    except OSError as error:
        raise CollectError(
            Fault("NO_FILE", str(place), f"cannot be read ({error.strerror})", "Check the path.")
        ) from error
    except (ValueError, RecursionError) as error:
        remedy = "Save the file as JSON in UTF-8, with each name once."
        raise CollectError(Fault("FILE_NOT_JSON", str(place), f"this is not JSON ({error})", remedy)) from error


def _no_twins(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twin = next(name for name in names if names.count(name) > 1)
        raise ValueError(f'"{twin}" stands twice in one object')
    return found


def _faults(where: str, one: object) -> list[Fault]:
    if not isinstance(one, dict):
        return [_wrong_form(where, "an object with `unit` and `answers`")]
    missing = [name for name in _MUST if name not in one]
    faults = [Fault("KEY_MISSING", where, f"`{name}` is missing", f"Give `{name}`.") for name in missing]
    faults += _unknown_keys(where, one, (*_SHARED, *_ABOUT_ONE))
    faults += [_wrong_form(f"{where}: {name}", form) for name, form in _misshapen(one)]
    return faults


def _unknown_keys(where: str, one: Mapping[str, object], known: tuple[str, ...]) -> list[Fault]:
    return [
        Fault("KEY_UNKNOWN", where, f"`{name}` has no meaning here", near(name, known))
        for name in one
        if name not in known
    ]


def _misshapen(one: Mapping[str, object]) -> Sequence[tuple[str, str]]:
    texts = ("survey", "wave", "unit", "record", "actor", "schema_sha256")
    found = [(name, "text") for name in texts if not isinstance(one.get(name, ""), str)]
    if not isinstance(one.get("answers", {}), dict):
        found.append(("answers", "an object with a value per field"))
    if not isinstance(one.get("submit", True), bool):
        found.append(("submit", "true or false"))
    base = one.get("base_version")
    if base is not None and (isinstance(base, bool) or not isinstance(base, int)):
        found.append(("base_version", "a whole number"))
    return found


def _wrong_form(where: str, form: str) -> Fault:
    return Fault("WRONG_FORM", where, f"this is not {form}", f"Write {form} here.")


def _submission(one: Mapping[str, object]) -> Submission:
    given = {name: one[name] for name in (*_SHARED, *_ABOUT_ONE) if name in one}
    return Submission(**given)  # type: ignore[arg-type]  # every form was checked above
