"""What we ask: surveys, waves, modules, items, code lists, rules and the data dictionary."""

from evaltools.schema.asking import Asking, PathCount, ask, count_path
from evaltools.schema.beginning import new_survey
from evaltools.schema.comparing import ItemChange, compare_waves
from evaltools.schema.dictionary import Dictionary, Indicator, read_dictionary, read_units_table
from evaltools.schema.fields import fields, variables
from evaltools.schema.missing import Missing, missing_kind
from evaltools.schema.model import Category, CodeList, Concept, Field, Item, Questionnaire, Row, Rule, Section, Variable
from evaltools.schema.published import json_schema, json_schema_text
from evaltools.schema.rules import compile_rule, evaluate, names_in
from evaltools.schema.scope import Scope, ScopeField
from evaltools.schema.storing import survey_from_source
from evaltools.schema.surveys import SurveyReport, check_survey, check_surveys, freeze_survey, read_survey
from evaltools.schema.thresholds import thresholds

__all__ = [
    "Asking",
    "Category",
    "CodeList",
    "Concept",
    "Dictionary",
    "Field",
    "Indicator",
    "Item",
    "ItemChange",
    "Missing",
    "PathCount",
    "Questionnaire",
    "Row",
    "Rule",
    "Scope",
    "ScopeField",
    "Section",
    "SurveyReport",
    "Variable",
    "ask",
    "check_survey",
    "check_surveys",
    "compare_waves",
    "compile_rule",
    "count_path",
    "evaluate",
    "fields",
    "freeze_survey",
    "json_schema",
    "json_schema_text",
    "missing_kind",
    "names_in",
    "new_survey",
    "read_dictionary",
    "read_survey",
    "read_units_table",
    "survey_from_source",
    "thresholds",
    "variables",
]
