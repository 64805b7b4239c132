"""The texts that the program itself says, by key. They stand in `da/*.yaml` and `en/*.yaml`, one file per room."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from evaltools.errors import Fault, SettingsError, near
from evaltools.language.plain_yaml import plain_yaml
from evaltools.language.text import Language, Text


@dataclass(frozen=True, slots=True)
class Texts:
    """All texts of one language.

    >>> texts("da").say("language.yes")
    'ja'
    """

    language: Language
    by_key: Mapping[str, str]

    def say(self, key: str, **values: object) -> str:
        """The text under `<room>.<key>` with its placeholders filled in."""
        if key not in self.by_key:
            place = f"language/{self.language}"
            raise SettingsError(Fault("NO_SUCH_TEXT", place, f'there is no text "{key}"', near(key, self.by_key)))
        return self.by_key[key].format(**values)


@cache
def texts(language: Language) -> Texts:
    """The texts of that language, read once."""
    folder = resources.files("evaltools.language") / language
    by_key: dict[str, str] = {}
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        room = file.name.removesuffix(".yaml")
        by_key.update(_flatten(room, plain_yaml(file.read_text("utf-8"))))
    return Texts(language, by_key)


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
