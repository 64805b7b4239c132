"""Proof that a post comes from a page that we gave to the same session."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from typing import Final

_SIZE: Final = hashlib.sha256().digest_size
_PURPOSE: Final = b"evaltools form"


def form_token(cookie: str) -> str:
    """A token for a page of the session with that cookie.

    The key is the cookie itself, which no other site can read: so an open page stays good when the server starts
    again. Each page gets other characters (a mask and the masked proof), so that compressed pages tell nothing of it.

    >>> form_token("a") == form_token("a")
    False
    """
    mask = secrets.token_bytes(_SIZE)
    return base64.urlsafe_b64encode(mask + _masked(_proof(cookie), mask)).decode("ascii").rstrip("=")


def is_form_token(token: str, cookie: str) -> bool:
    """Whether the token was made for the session with that cookie.

    >>> is_form_token(form_token("a"), "a"), is_form_token(form_token("a"), "b"), is_form_token("", "a")
    (True, False, False)
    """
    try:
        given = base64.urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4))
    except (binascii.Error, UnicodeEncodeError):
        return False
    if len(given) != 2 * _SIZE or not cookie:
        return False
    return hmac.compare_digest(_masked(given[_SIZE:], given[:_SIZE]), _proof(cookie))


def _proof(cookie: str) -> bytes:
    return hmac.digest(cookie.encode("utf-8", "surrogateescape"), _PURPOSE, hashlib.sha256)


def _masked(text: bytes, mask: bytes) -> bytes:
    return (int.from_bytes(text) ^ int.from_bytes(mask)).to_bytes(_SIZE)
