import pytest

from evaltools.language import Text
from evaltools.schema import compile_rule, fields, rule_sentence
from evaltools.schema.rules.saying import Named, Speaker, phrase
from every_kind import every_kind
from rule_scope import NOMINAL, ORDERED, SCOPE

NAMED = {
    "a": Named(Text("Anbragte", "Placed")),
    "b": Named(Text("Nye", "New")),
    "p": Named(Text("Projekt", "Project"), NOMINAL),
    "s": Named(Text("Trin", "Stage"), ORDERED),
    "u": Named(Text("Årsag", "Reason"), NOMINAL),
    "y": Named(Text("Start", "Start"), is_plain=True),
    "d": Named(Text("Årsværk", "Posts")),
    "last_a": Named(Text("Anbragte", "Placed"), around="last"),
    "ref_register": Named(Text("Anbragte", "Placed"), around="reference"),
}


@pytest.mark.parametrize(
    ("rule", "danish", "english"),
    [
        ("a <= b", "»Anbragte« er højst »Nye«", "“Placed” is at most “New”"),
        ("a < 1000", "»Anbragte« er mindre end 1.000", "“Placed” is less than 1,000"),
        ("y >= 1990", "»Start« er mindst 1990", "“Start” is at least 1990"),
        ("d > 0.5", "»Årsværk« er større end 0,5", "“Posts” is more than 0.5"),
        ("a == 0", "»Anbragte« er 0", "“Placed” is 0"),
        ("p != 1", "»Projekt« er ikke »svar 1«", "“Project” is not “answer 1”"),
        ("p in [1, 2]", "»Projekt« er »svar 1« eller »svar 2«", "“Project” is “answer 1” or “answer 2”"),
        ("p not in [1]", "»Projekt« er ikke »svar 1«", "“Project” is not “answer 1”"),
        ("s >= 3", "»Trin« er »svar 3«, »svar 4« eller »svar 5«", "“Stage” is “answer 3”, “answer 4” or “answer 5”"),
        ("selected(u, 1, 2)", "under »Årsag« er valgt »svar 1« eller »svar 2«", "“answer 1” or “answer 2” is chosen under “Reason”"),
        ("not selected(u, 1)", "under »Årsag« er ikke valgt »svar 1«", "“answer 1” is not chosen under “Reason”"),
        ("answered(a)", "»Anbragte« er besvaret", "“Placed” is answered"),
        ("not answered(a)", "»Anbragte« er ikke besvaret", "“Placed” is not answered"),
        ("missing(a, dont_know)", "svaret på »Anbragte« er »Ved ikke«", "the answer to “Placed” is “Don't know”"),
        ("a > 1 and b > 1", "»Anbragte« er større end 1, og »Nye« er større end 1", "“Placed” is more than 1, and “New” is more than 1"),
        ("a > 1 or (b > 1 and a > 0)", "»Anbragte« er større end 1, eller (»Nye« er større end 1, og »Anbragte« er større end 0)",
         "“Placed” is more than 1, or (“New” is more than 1, and “Placed” is more than 0)"),
        ("not a > 1", "det gælder ikke, at »Anbragte« er større end 1", "it is not the case that “Placed” is more than 1"),
        ("100 * a / b", "100 gange »Anbragte« divideret med »Nye«", "100 times “Placed” divided by “New”"),
        ("a / (a + b)", "»Anbragte« divideret med (»Anbragte« plus »Nye«)", "“Placed” divided by (“Placed” plus “New”)"),
        ("a - (b - 1)", "»Anbragte« minus (»Nye« minus 1)", "“Placed” minus (“New” minus 1)"),
        ("-a", "minus »Anbragte«", "minus “Placed”"),
        ("round(d, 1)", "»Årsværk« afrundet til én decimal", "“Posts” rounded to one decimal"),
        ("round(a / b)", "(»Anbragte« divideret med »Nye«) afrundet til et helt tal", "(“Placed” divided by “New”) rounded to a whole number"),
        ("abs(a - last_a)", "forskellen mellem »Anbragte« og »Anbragte« i den forrige måling", "the difference between “Placed” and “Placed” in the previous wave"),
        ("ref_register", "registrets tal for »Anbragte«", "the register's figure for “Placed”"),
        ("a if b > 0 else 0", "»Anbragte«, hvis »Nye« er større end 0, og ellers 0", "“Placed” if “New” is more than 0, otherwise 0"),
        ("max(5, 0.3 * a)", "det største af 5 og 0,3 gange »Anbragte«", "the largest of 5 and 0.3 times “Placed”"),
        ("any(a > 1, b > 1)", "mindst ét af dette gælder: »Anbragte« er større end 1; »Nye« er større end 1",
         "at least one of these holds: “Placed” is more than 1; “New” is more than 1"),
    ],
)  # fmt: skip
def test_a_rule_reads_as_a_sentence_in_both_languages(rule: str, danish: str, english: str) -> None:
    tree = compile_rule(rule, SCOPE)
    assert phrase(tree, Speaker("da", NAMED)) == danish
    assert phrase(tree, Speaker("en", NAMED)) == english


def test_a_whole_grid_is_said_once_and_some_of_its_rows_are_named() -> None:
    q = every_kind()
    asked = {field.name: field.ask_if for field in fields(q)}
    assert asked["why"] is not None
    assert rule_sentence(asked["why"], q, "da") == (
        "For mindst én af rækkerne gælder, at »Trin« er »Bruges nogle steder« eller »Bruges fast«."
    )
    some = compile_rule("sum(g_r1, g_r2)", SCOPE)
    rows = {f"g_r{n}": Named(Text("", ""), row=Text(f"række {n}", f"row {n}"), grid="g") for n in (1, 2, 3)}
    speaker = Speaker("da", {**rows, "g": Named(Text("Sager", "Cases"), rows=3)})
    assert phrase(some, speaker) == "summen af »Sager« for rækkerne »række 1« og »række 2«"


def test_a_condition_is_a_sentence_and_a_value_a_formula() -> None:
    q = every_kind()
    (rule,) = (rule for rule in q.rules if rule.name == "network_within_placed")
    assert rule_sentence(rule.condition, q, "en") == "“Children in the network” is at most “Placed children”."
    (share,) = (item for item in q.items if item.name == "share")
    assert share.value is not None
    said = "(100 times “Children in the network” divided by “Placed children”) rounded to one decimal"
    assert rule_sentence(share.value, q, "en") == said


def test_every_rule_and_condition_of_a_questionnaire_can_be_said() -> None:
    q = every_kind()
    trees = [rule.condition for rule in q.rules] + [field.ask_if for field in fields(q) if field.ask_if]
    for tree in trees:
        for sentence in (rule_sentence(tree, q, "da"), rule_sentence(tree, q, "en")):
            assert sentence.endswith(".")
            assert "noget ukendt" not in sentence
            assert "something unknown" not in sentence
