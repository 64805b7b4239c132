"""Which passwords are refused because they are easily guessed."""

from __future__ import annotations

from typing import Final

from zxcvbn import zxcvbn

from evaltools.errors import Fault, SettingsError

_LONGEST_LOOKED_AT: Final = 72
"""Signs: what comes after them makes a password better only, and is kept all the same."""
_GOOD: Final = 3
"""Of 0 to 4: more than a hundred million guesses."""
_OURS: Final = ["evaltools", "status", "undersøgelse", "kommune", "adgangskode", "spørgeskema"]


def refuse_guessable(name: str, password: str) -> None:
    """`SettingsError` PASSWORD_WEAK for a password in the lists of common ones, or made of words that lie near.

    Nothing is said of which signs it is made of: a sentence is as good as a jumble.

    >>> refuse_guessable("Anna", "fire heste i regnvejr")
    """
    if not password or zxcvbn(password[:_LONGEST_LOOKED_AT], user_inputs=[name, *_OURS])["score"] < _GOOD:
        problem = "the password is easily guessed"
        raise SettingsError(Fault("PASSWORD_WEAK", "operator", problem, "Take several words that only you would join."))
