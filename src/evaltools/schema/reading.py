"""Strict YAML with line numbers: every scalar is text, a key stands once, and no anchors, merges or tags.

Ordinary loaders turn `0101` into 65 and `No` into false, and let the second of two equal keys win.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from evaltools.errors import Fault, SchemaError

Data: TypeAlias = "str | list[Data] | dict[str, Data]"
KeyPath: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A file as read: its data, and for each key or element the first and last line it stands on."""

    name: str
    data: Data
    lines: Mapping[KeyPath, tuple[int, int]] = field(default_factory=dict)
    text: str = ""

    def where(self, path: KeyPath) -> str:
        """`file:line` of that key, or of the nearest thing around it."""
        return f"{self.name}:{self.span(path)[0]}"

    def span(self, path: KeyPath) -> tuple[int, int]:
        """First and last line of that key, or of the nearest thing around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, (1, 1))


@dataclass(frozen=True, slots=True)
class Place:
    """A key in a document: what a fault needs to say where it is."""

    document: Document
    path: KeyPath = ()

    def at(self, *keys: str | int) -> str:
        """`file:line` of a key below this one."""
        return self.document.where((*self.path, *keys))

    def down(self, *keys: str | int) -> Place:
        """The place of a key below this one."""
        return Place(self.document, (*self.path, *keys))


def read_document(path: Path, name: str) -> Document:
    """Read one YAML file; `name` is how faults call it.

    Raises `SchemaError` with NO_SUCH_FILE, NOT_UTF8, BROKEN_YAML, EMPTY_FILE, DUPLICATE_KEY or YAML_FEATURE.
    """
    return _parsed(read_text(path, name), name)


@lru_cache(maxsize=256)
def _parsed(text: str, name: str) -> Document:
    """The same text is parsed once: modules and the dictionary are read again for every survey."""
    return parse_document(text, name)


def read_text(path: Path, name: str) -> str:
    """The text of a UTF-8 file. Raises `SchemaError` with NO_SUCH_FILE or NOT_UTF8."""
    try:
        return path.read_text("utf-8-sig")
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
        raise SchemaError(Fault("NO_SUCH_FILE", name, "there is no such file", f"Looked for {path}.")) from None
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        problem = "a letter here is not written in UTF-8"
        raise SchemaError(Fault("NOT_UTF8", f"{name}:{line}", problem, "Save the file with encoding UTF-8.")) from None


def parse_document(text: str, name: str) -> Document:
    r"""Read YAML text.

    >>> document = parse_document("code: 0101\nanswer: No", "x.yaml")
    >>> document.data, document.where(("answer",))
    ({'code': '0101', 'answer': 'No'}, 'x.yaml:2')
    """
    try:
        loader = _Loader(text)
        node = loader.get_single_node()
    except yaml.YAMLError as error:
        raise SchemaError(broken_yaml(error, text, name)) from None
    except RecursionError:
        problem = "brackets or lists stand inside one another too deeply"
        raise SchemaError(Fault("BROKEN_YAML", f"{name}:1", problem, "Close the brackets.")) from None
    if node is None:
        raise SchemaError(Fault("EMPTY_FILE", name, "the file is empty", "Write the questionnaire, or delete it."))
    builder = _Builder(name, list(loader.refused(name)))
    data = builder.build(node, (), node.start_mark.line + 1)
    if builder.faults:
        raise SchemaError(*builder.faults)
    return Document(name, data, builder.lines, text)


class _Loader(yaml.SafeLoader):
    """Composes nodes only; nothing is resolved, and what we refuse is noted with its line."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, object]]] = {}  # noqa: RUF012 the parent declares it so

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.seen_refused: list[tuple[str, int]] = []

    def compose_node(self, parent: yaml.Node | None, index: object) -> yaml.Node | None:
        event: Any = self.peek_event()  # type: ignore[no-untyped-call]
        line = event.start_mark.line + 1
        if getattr(event, "anchor", None):
            self.seen_refused.append((f"{'*' if isinstance(event, yaml.AliasEvent) else '&'}{event.anchor}", line))
        if getattr(event, "tag", None) not in (None, "!"):
            self.seen_refused.append((str(event.tag), line))
        return super().compose_node(parent, index)  # type: ignore[arg-type]

    def refused(self, name: str) -> Iterator[Fault]:
        for what, line in self.seen_refused:
            problem = f"{what} (an anchor, alias or tag) is not used here"
            remedy = "Write the content out, or put it in quotes if it is text."
            yield Fault("YAML_FEATURE", f"{name}:{line}", problem, remedy)


@dataclass
class _Builder:
    name: str
    faults: list[Fault]
    lines: dict[KeyPath, tuple[int, int]] = field(default_factory=dict)

    def build(self, node: yaml.Node, path: KeyPath, line: int) -> Data:
        data: Data
        if isinstance(node, yaml.MappingNode):
            data = self.mapping(node, path)
        elif isinstance(node, yaml.SequenceNode):
            data = [self.build(child, (*path, i), child.start_mark.line + 1) for i, child in enumerate(node.value)]
        else:
            data = str(node.value)
        self.lines[path] = (line, self.last_line(node, path, data, line))
        return data

    def mapping(self, node: yaml.MappingNode, path: KeyPath) -> dict[str, Data]:
        data: dict[str, Data] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            key = str(key_node.value) if isinstance(key_node, yaml.ScalarNode) else "?"
            if key in data:
                first = self.lines[*path, key][0]
                problem = f'"{key}" is given twice (first on line {first})'
                self.faults.append(Fault("DUPLICATE_KEY", f"{self.name}:{line}", problem, "Delete one of them."))
            else:
                data[key] = self.build(value_node, (*path, key), line)
        return data

    def last_line(self, node: yaml.Node, path: KeyPath, data: Data, line: int) -> int:
        if isinstance(node, yaml.CollectionNode) and not node.flow_style:
            keys: Iterable[str | int] = data if isinstance(data, dict) else range(len(data))
            return max((self.lines[*path, key][1] for key in keys), default=line)
        end = node.end_mark
        return max(line, end.line + (1 if end.column else 0))


def broken_yaml(error: yaml.YAMLError, text: str, name: str) -> Fault:
    """What a YAML parser's complaint means to the author."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    line = mark.line + 1 if mark else text[: getattr(error, "position", 0)].count("\n") + 1
    said = getattr(error, "problem", None) or str(error).split("\n", 1)[0]
    context = str(getattr(error, "context", None) or "")
    problem, remedy = _friendly(said, context)
    if "quoted scalar" in context and getattr(error, "context_mark", None):
        line = error.context_mark.line + 1  # type: ignore[attr-defined]
    return Fault("BROKEN_YAML", f"{name}:{line}", problem, remedy)


QUOTE = 'Put the whole text in quotes: "...".'
FRIENDLY = (
    ("mapping values are not allowed", 'a second ": " stands in unquoted text', QUOTE),
    ("but got '?'", 'a "?" stands in unquoted text inside {...}', QUOTE),
    ("but got ','", 'a "," stands where text should begin', QUOTE),
    ("but got '<scalar>'", "text goes on after a closing quote or bracket", "Close it at the end, or add a comma."),
    ("'\\t' that cannot start", "a tab stands where spaces are needed", "Indent with spaces."),
    ("that cannot start any token", "a text begins with a sign that YAML keeps for itself", QUOTE),
    ("unexpected end of stream", "a quote is opened here and never closed", "Close the quote."),
    ("expected <block end>", "the indentation does not fit the lines above", "Indent as the line above it."),
    ("could not find expected ':'", 'a ": " is missing after a key', 'Write "key: value".'),
    ("expected the node content", "a value is missing", QUOTE),
    ("expected a single document", "a second document begins here", 'Delete the line "---".'),
    ("not allowed", "a sign that cannot be printed stands here", "Delete it."),
    ("but got", "a bracket or comma is missing, or a text lacks quotes", QUOTE),
)


def _friendly(said: str, context: str) -> tuple[str, str]:
    for words, problem, remedy in FRIENDLY:
        if words in f"{said} {context}":
            return problem, remedy
    return f"this is not YAML: {said}", QUOTE
