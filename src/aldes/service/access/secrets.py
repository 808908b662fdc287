"""What people sign with, kept as a slow hash alone (scrypt, RFC 7914) and compared in constant time."""

import hmac
from base64 import b64decode, b64encode
from hashlib import scrypt
from secrets import token_bytes

from aldes.errors import InputError

SHORTEST, LONGEST = 6, 128  # characters; our policy
_COST, _BLOCK, _PARALLEL = 2**14, 8, 1  # 16 MiB and some 50 ms a guess
_SCHEME = "scrypt"
_NOBODY = f"{_SCHEME}${_COST}${b64encode(bytes(16)).decode()}${b64encode(bytes(64)).decode()}"  # no secret has it


def hashed(secret: str) -> str:
    """What is kept of a secret.

    Raises
    ------
    InputError
        When it is too short or too long.
    """
    if not SHORTEST <= len(secret) <= LONGEST:
        raise InputError(f"What you sign with has {SHORTEST} to {LONGEST} characters. Choose one; nothing was kept.")
    salt = token_bytes(16)
    return "$".join((_SCHEME, str(_COST), b64encode(salt).decode(), b64encode(_derived(secret, salt, _COST)).decode()))


def matches(secret: str, kept: str) -> bool:
    """Whether this is the secret; it takes the same time for any answer."""
    scheme, cost, salt, hash = (kept or _NOBODY).split("$")
    if scheme != _SCHEME or len(secret) > LONGEST:
        return False
    found = _derived(secret, b64decode(salt), int(cost))
    return hmac.compare_digest(found, b64decode(hash)) and bool(kept)


def _derived(secret: str, salt: bytes, cost: int) -> bytes:
    return scrypt(secret.encode("utf-8", "replace"), salt=salt, n=cost, r=_BLOCK, p=_PARALLEL, maxmem=64 * 2**20)
