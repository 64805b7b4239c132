"""The texts that the program itself says, by key. They stand in `da/*.yaml` and `en/*.yaml`, one file per room."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import get_args

from evaltools.errors import DesignError, Fault, SettingsError, near
from evaltools.language.plain_yaml import plain_yaml
from evaltools.language.text import Language, Text


@dataclass(frozen=True, slots=True)
class Texts:
    """All texts of one language; those of a room are read when the first of them is asked for.

    >>> texts("da").say("language.yes")
    'ja'
    """

    language: Language

    @property
    def by_key(self) -> Mapping[str, str]:
        """Every text by its key."""
        return _of_all_rooms(self.language)

    def say(self, key: str, **values: object) -> str:
        """The text under `<room>.<key>` with its placeholders filled in."""
        found = _of_room(self.language, key.partition(".")[0]).get(key)
        if found is None:
            place = f"language/{self.language}"
            raise SettingsError(Fault("NO_SUCH_TEXT", place, f'there is no text "{key}"', near(key, self.by_key)))
        return found.format(**values)


@cache
def texts(language: Language) -> Texts:
    """The texts of that language; `DesignError` NO_SUCH_LANGUAGE where there are none."""
    if language not in get_args(Language):
        problem = f'there is no language "{language}"'
        raise DesignError(Fault("NO_SUCH_LANGUAGE", "language", problem, near(str(language), get_args(Language))))
    return Texts(language)


def _folder(language: Language) -> Traversable:
    return resources.files("evaltools.language") / language


@cache
def _of_room(language: Language, room: str) -> Mapping[str, str]:
    file = _folder(language) / f"{room}.yaml"
    return dict(_flatten(room, plain_yaml(file.read_text("utf-8")))) if file.is_file() else {}


@cache
def _of_all_rooms(language: Language) -> Mapping[str, str]:
    rooms = sorted(file.name.removesuffix(".yaml") for file in _folder(language).iterdir())
    return {key: text for room in rooms for key, text in _of_room(language, room).items()}


def say_both(key: str, **values: object) -> Text:
    """The text under a key in both languages.

    >>> say_both("language.no").en
    'no'
    """
    return Text(texts("da").say(key, **values), texts("en").say(key, **values))


def _flatten(prefix: str, node: Mapping[str, object] | str) -> Iterator[tuple[str, str]]:
    if isinstance(node, str):
        yield prefix, node
        return
    for key, value in node.items():
        assert isinstance(value, (str, dict))
        yield from _flatten(f"{prefix}.{key}", value)
