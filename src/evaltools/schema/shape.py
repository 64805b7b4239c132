"""Does a file have the shape it should? Every complaint of pydantic becomes a fault with file and line."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ValidationError

from evaltools.errors import Fault, SchemaError, near
from evaltools.schema import source
from evaltools.schema.reading import Data, Document, KeyPath

Model = TypeVar("Model", bound=BaseModel)

ITEM_CLASSES: Final[Mapping[str, type[BaseModel]]] = {
    "single": source.SingleItem,
    "multiple": source.MultipleItem,
    "grid": source.GridItem,
    "integer": source.NumberItem,
    "count": source.NumberItem,
    "year": source.NumberItem,
    "decimal": source.DecimalItem,
    "month": source.DateItem,
    "date": source.DateItem,
    "text": source.WordsItem,
    "email": source.WordsItem,
    "note": source.NoteItem,
    "computed": source.ComputedItem,
    "repeat": source.RepeatItem,
}
CLASSES_BY_KEY: Final[Mapping[str, type[BaseModel]]] = {
    "rules": source.RuleSource,
    "paths": source.PathSource,
    "codelists": source.CodeListSource,
    "categories": source.CategorySource,
    "parameters": source.ParameterSource,
}


def shape(model: type[Model], document: Document) -> Model:
    """The document as that model; raises `SchemaError` with every fault of shape."""
    try:
        return model.model_validate(document.data)
    except ValidationError as error:
        raise SchemaError(*_faults(model, document, error)) from None


def faulty_paths(model: type[BaseModel], document: Document) -> list[tuple[KeyPath, bool]]:
    """The path of each fault of shape, and whether it is only a key that is not known."""
    try:
        model.model_validate(document.data)
    except ValidationError as error:
        entries = error.errors()
        return [(_real_path(document.data, tuple(each["loc"])), each["type"] == "extra_forbidden") for each in entries]
    return []


def _faults(model: type[BaseModel], document: Document, error: ValidationError) -> list[Fault]:
    faults: dict[Fault, None] = {}
    for entry in error.errors():
        path = _real_path(document.data, tuple(entry["loc"]))
        faults[_fault(model, document, path, dict(entry))] = None
    return sorted(faults, key=lambda fault: int(fault.where.rpartition(":")[2]))


def _real_path(data: Data, loc: KeyPath) -> KeyPath:
    """The path in the data: pydantic puts the name of the chosen class between."""
    path: KeyPath = ()
    node: Any = data
    passed: set[KeyPath] = set()
    for n, key in enumerate(loc):
        if path[-2:-1] == ("items",) and path not in passed and key in ITEM_CLASSES:
            passed.add(path)
        elif (isinstance(node, dict) and key in node) or (isinstance(node, list) and isinstance(key, int)):
            node = node[key]  # type: ignore[index]
            path = (*path, key)
        elif n == len(loc) - 1:
            path = (*path, key)
    return path


def _node(data: Data, path: KeyPath) -> Any:
    node: Any = data
    for key in path:
        node = node[key]
    return node


def _fault(model: type[BaseModel], document: Document, path: KeyPath, entry: dict[str, Any]) -> Fault:
    where = document.where(path)
    kind = str(entry["type"])
    context = entry.get("ctx", {})
    if "remedy" in context:
        return Fault(kind, where, context["problem"], context["remedy"])
    make = MAKERS.get(kind, _wrong_shape)
    return make(where, path, _Complaint(model, document, entry))


class _Complaint:
    """One entry of a pydantic error with what is needed to explain it."""

    def __init__(self, model: type[BaseModel], document: Document, entry: dict[str, Any]) -> None:
        self.model, self.document = model, document
        self.input = entry["input"]
        self.context: dict[str, Any] = entry.get("ctx", {})

    def known_keys(self, path: KeyPath) -> tuple[str, ...]:
        model = self._model_at(path[:-1])
        return tuple(info.alias or name for name, info in model.model_fields.items())

    def _model_at(self, path: KeyPath) -> type[BaseModel]:
        if not path:
            return self.model
        owner = path[-2] if len(path) > 1 and (isinstance(path[-1], int) or path[-2] != "sections") else ""
        node = _node(self.document.data, path)
        annotation = self.model.model_fields[str(path[0])].annotation if len(path) == 1 else None
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            return annotation
        if owner == "items":
            return ITEM_CLASSES.get(str(node.get("type")), source.ItemBase)
        if owner == "sections":
            return source.UseSource if "use" in node else source.SectionSource
        return CLASSES_BY_KEY.get(str(owner), source.TextSource)


def _out_of_range(where: str, path: KeyPath, complaint: _Complaint) -> Fault:
    (limit,) = complaint.context.values()
    side = "below" if "ge" in complaint.context else "above"
    problem = f'"{path[-1]}" is {complaint.input}, {side} {limit}'
    return Fault("OUT_OF_RANGE", where, problem, "Write a number within the limits.")


def _unknown_key(where: str, path: KeyPath, complaint: _Complaint) -> Fault:
    key = str(path[-1])
    others = {name for model in ITEM_CLASSES.values() for name in model.model_fields}
    known = complaint.known_keys(path)
    if key in others and len(path) > 2 and path[-3] == "items":
        kind = _node(complaint.document.data, path[:-1]).get("type")
        return Fault("UNKNOWN_KEY", where, f'"{key}" does not belong to an item of type {kind}', near(key, known))
    return Fault("UNKNOWN_KEY", where, f'there is no key "{key}" here', near(key, known))


def _missing_key(where: str, path: KeyPath, complaint: _Complaint) -> Fault:
    key = str(path[-1])
    if "rules" in path and key == "message":
        return Fault("RULE_WITHOUT_MESSAGE", where, "the rule has no message", 'Add message: {da: "...", en: "..."}.')
    if "rules" in path and key in ("pass", "fail"):
        sort = "passing" if key == "pass" else "failing"
        remedy = f"Add {key}: {{item: value, ...}} with answers that {key}."
        return Fault("RULE_WITHOUT_EXAMPLE", where, f"the rule has no {sort} example", remedy)
    return Fault("MISSING_KEY", where, f'the key "{key}" is missing', f'Add "{key}: ...".')


def _unknown_type(where: str, path: KeyPath, complaint: _Complaint) -> Fault:
    tag = str(complaint.context["tag"])
    where = complaint.document.where((*path, "type"))
    return Fault("UNKNOWN_TYPE", where, f'there is no item type "{tag}"', near(tag, ITEM_CLASSES))


def _no_type(where: str, path: KeyPath, complaint: _Complaint) -> Fault:
    return Fault("MISSING_KEY", where, 'the key "type" is missing', near("", ITEM_CLASSES))


def _unknown_word(where: str, path: KeyPath, complaint: _Complaint) -> Fault:
    known = re.findall(r"'([^']*)'", str(complaint.context["expected"]))
    said = complaint.input if isinstance(complaint.input, str) else "..."
    return Fault("UNKNOWN_WORD", where, f'"{said}" is not a word for "{_key(path)}"', near(str(said), known))


def _empty(where: str, path: KeyPath, complaint: _Complaint) -> Fault:
    return Fault("EMPTY_VALUE", where, f'"{_key(path)}" has no value', "Write one, or delete the key.")


def _wrong_shape(where: str, path: KeyPath, complaint: _Complaint) -> Fault:
    given, key = complaint.input, _key(path)
    if isinstance(given, dict) and len(given) == 1 and next(iter(given.values())) == "":
        name = next(iter(given))
        remedy = f'Put it in quotes: "{{{name}}}".'
        return Fault("WRONG_SHAPE", where, f'"{key}" is text that begins with a brace', remedy)
    if complaint.context.get("class_name") == "TextSource":
        return Fault("WRONG_SHAPE", where, f'"{key}" needs both languages', 'Write {da: "...", en: "..."}.')
    shape_given = "text" if isinstance(given, str) else "a list" if isinstance(given, list) else "a mapping of keys"
    problem = f'"{key}" has the wrong shape: it is {shape_given}'
    return Fault("WRONG_SHAPE", where, problem, "See docs/questionnaire-language.md for an example.")


def _key(path: KeyPath) -> str:
    names = [key for key in path if isinstance(key, str)]
    return names[-1] if names else "the file"


MAKERS: Final[Mapping[str, Callable[[str, KeyPath, _Complaint], Fault]]] = {
    "extra_forbidden": _unknown_key,
    "missing": _missing_key,
    "union_tag_invalid": _unknown_type,
    "union_tag_not_found": _no_type,
    "literal_error": _unknown_word,
    "string_too_short": _empty,
    "greater_than_equal": _out_of_range,
    "less_than_equal": _out_of_range,
}
