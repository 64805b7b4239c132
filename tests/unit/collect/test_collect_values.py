import json

import pytest

from evaltools.collect import value_from_json, value_to_json
from evaltools.errors import CollectError
from evaltools.schema import Missing
from evaltools.schema.model import Value


@pytest.mark.parametrize("value", ["1", "", 0, -8, 2.5, True, (), ("1", "3"), *Missing])
def test_a_value_comes_back_from_json_as_it_was(value: Value) -> None:
    back = value_from_json(json.loads(json.dumps(value_to_json(value))))
    assert back == value
    assert type(back) is type(value)


@pytest.mark.parametrize("value", [None, [1], {"missing": "dont_know", "more": 1}, {"value": 1}, [["1"]]])
def test_what_is_no_value_is_refused(value: object) -> None:
    with pytest.raises(CollectError, match="NO_VALUE"):
        value_from_json(value, "answers.json")


def test_an_unknown_kind_of_missing_is_refused_with_the_nearest() -> None:
    with pytest.raises(CollectError, match="NO_SUCH_MISSING_KIND") as caught:
        value_from_json({"missing": "dont_knw"})
    assert 'Did you mean "dont_know"?' in str(caught.value)
