"""Links, cookies and passwords: made at random, shown once, kept as hashes."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import Final

_TOKEN_BYTES: Final = 32
_SALT_BYTES: Final = 16
_COST: Final = {"n": 2**15, "r": 8, "p": 3, "maxmem": 64 * 1024 * 1024}
"""Cost of scrypt: as OWASP advises, about a quarter of a second and 32 MB."""


@dataclass(frozen=True, slots=True)
class PasswordHash:
    """A password as it is kept."""

    salt: str
    scrypt: str


def new_token() -> str:
    """A link's or cookie's secret: 32 random bytes, in letters that an address may hold."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def token_hash(token: str) -> str:
    """What is kept of a token. It is random and long, so that one plain hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def hash_password(password: str) -> PasswordHash:
    """A password under a salt of its own."""
    salt = secrets.token_hex(_SALT_BYTES)
    return PasswordHash(salt, _scrypt(password, salt))


def is_password(password: str, kept: PasswordHash | None) -> bool:
    """Whether it is the password. Takes as long when there is none, so that nobody learns which names exist."""
    known = kept or PasswordHash("00" * _SALT_BYTES, "")
    return hmac.compare_digest(_scrypt(password, known.salt), known.scrypt)


def _scrypt(password: str, salt: str) -> str:
    key = hashlib.scrypt(password.encode(), salt=bytes.fromhex(salt), **_COST)
    return key.hex()
