from evaltools.collect import Difference, differences
from evaltools.schema import Missing


def test_only_fields_that_differ_are_listed() -> None:
    assert differences({"a": 1, "b": "x"}, {"a": 2, "b": "x", "c": ("1",)}) == (
        Difference("a", 1, 2),
        Difference("c", None, ("1",)),
    )


def test_differences_come_in_the_order_of_the_form() -> None:
    found = differences({"z": 1, "a": 1}, {"m": 1}, order=("a", "m", "z"))
    assert [difference.field for difference in found] == ["a", "m", "z"]


def test_blank_and_never_touched_are_the_same() -> None:
    assert differences({"a": Missing.NOT_ANSWERED}, {}) == ()


def test_a_kind_of_missing_is_not_its_number_and_true_is_not_one() -> None:
    assert len(differences({"a": -8, "b": 1, "c": "1"}, {"a": Missing.DONT_KNOW, "b": True, "c": 1})) == 3


def test_whole_numbers_are_equal_whatever_their_type() -> None:
    assert differences({"a": 1}, {"a": 1.0}) == ()
