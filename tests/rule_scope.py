"""The fields that docs/rules.md and the tests of the rule language speak about."""

from evaltools.language import Text
from evaltools.schema import Category, CodeList, Concept, Missing, Scope, ScopeField


def text(words: str) -> Text:
    return Text(words, words)


def codelist(name: str, codes: str, *, ordered: bool = False) -> CodeList:
    categories = tuple(Category(code, Text(f"svar {code}", f"answer {code}")) for code in codes.split())
    return CodeList(name, text(name), categories, ordered)


NOMINAL = codelist("choices", "1 2 3 4")
ORDERED = codelist("stage", "0 1 2 3 4 5", ordered=True)

_FIELDS = (
    *(ScopeField(name, "integer") for name in ("a", "b", "c", "ref_register", "last_a")),
    *(ScopeField(f"g_r{n}", "integer") for n in (1, 2, 3)),
    *(ScopeField(f"k_r{n}", "single", ORDERED) for n in (1, 2)),
    *(ScopeField(name, "single", NOMINAL) for name in ("p", "q", "last_p")),
    ScopeField("s", "single", ORDERED),
    ScopeField("s2", "single", ORDERED),
    ScopeField("u", "multiple", NOMINAL),
    ScopeField("d", "decimal"),
    ScopeField("y", "year", minimum=1990, maximum=2018),
    ScopeField("n", "count", minimum=0, maximum=5),
    ScopeField("t", "text"),
    ScopeField("m", "month"),
    ScopeField("day", "date"),
    ScopeField("v", "computed"),
)

SCOPE = Scope(
    fields={field.name: field for field in _FIELDS},
    grids={"g": ("g_r1", "g_r2", "g_r3"), "k": ("k_r1", "k_r2"), "other": ("a", "b")},
    concepts={"high": Concept("high", text("high"), text("high"), "stage", ("4", "5"))},
    parameters={"ref_year": 2017, "limit": 3},
)

EVERY_KIND: tuple[Missing | None, ...] = (*Missing, None)
"""Each kind of missing, and None for an answer that is absent."""
