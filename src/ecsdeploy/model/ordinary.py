"""Tells secrets from ordinary values by the name of a variable and by the look of its value."""

from __future__ import annotations

import re

SAYS = (
    r"file|path|dir|arn|names?|id|types?|counts?|limits?|length|min|max|ttl|expir\w*|age|urls?|uris?|endpoints?|host|port"
    r"|policy|mode|store|region|image|version|algorithm|format|rotation|provider|header|issuer|audience|service|cluster"
    r"|family|account|enabled|disabled|required|timeout|validation|reset|domain|bucket|alg|backend"
    r"|callback|subnets?|zone|realm|scopes?|scheme|prefix"
)
"""Last parts of names that say something about a secret and hold none, as in `SECRET_ID`."""
_HOLDS = (
    r"(?i)pass(?:word|wd|phrase|code)?(?![a-z])|pwd|secret|token|credential|(?<![a-z])(?:key|auth|dsn|cert|salt|pw)s?(?![a-z])"
    r"|api_?key|private|signature|webhook|connection_?string|external_?id|cookie"
)
_HOLDS_ALL_THE_SAME = r"(?i)(?:webhook|dsn)_ur[il]$|(?:vault|role)_secret_id$|external_?id$"
"""Names that end like those, and hold a secret."""
_TAG = r"latest|v?\d{1,5}(?:\.\d{1,6}){0,3}(?:-[a-z\d.]{1,20})?|[\da-f]{7,40}"
_DIGEST = r"@sha256:[\da-f]{64}"
# The two are compiled when they are needed: it takes 1 % of a deploy, and most deploys have nothing to hide.
_ORDINARY = (
    r"(?i:arn:aws.*|true|false|/[\w./-]*|\d{1,5})"
    # A word, as a mode or a provider has one; an account; a Region or a zone; a version.
    r"|[A-Za-z]?[a-z]{0,14}|[A-Z]{1,15}|\d{12}|[a-z]{2}(?:-gov|-iso[a-z]?)?-[a-z]{4,9}-\d[a-z]?|v?\d{1,5}(?:\.\d{1,6}){1,3}"
    # A name in the DNS, with words for a path.
    r"|(?:https?://)?(?:[a-z-]{1,40}\.)+[a-z]{2,20}(?::\d{1,5})?(?:/[a-z/_-]*)?"
    # An image with its registry, in a path, with a version, or with a digest.
    rf"|(?:[a-z\d-]+(?:\.[a-z\d-]+)+(?::\d{{1,5}})?|localhost:\d{{1,5}})(?:/[a-z\d][a-z\d._-]*)+(?::[\w.-]{{1,128}})?(?:{_DIGEST})?"
    rf"|[a-z][a-z\d._-]*(?:/[a-z\d][a-z\d._-]*)+:(?:{_TAG})|[a-z][a-z\d._-]*:v?\d{{1,5}}(?:\.\d{{1,6}}){{1,3}}"
    rf"|[a-z\d][a-z\d._/-]*(?::(?:{_TAG}))?{_DIGEST}"
)
_RANDOM = r"(?=.*[a-z])(?=.*[A-Z])(?=.*\d)[A-Za-z0-9+/_=-]{16,}"


def is_secret_name(name: str) -> bool:
    """Whether a variable or an option of this name holds a secret: `DB_PASSWORD` does, `DB_PASSWORD_FILE` does not."""
    split = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).replace("-", "_")
    said = re.search(rf"(?i)_(?:{SAYS})$", split) and not re.search(_HOLDS_ALL_THE_SAME, split)
    return bool(re.search(_HOLDS, split)) and not said


def is_ordinary(value: str) -> bool:
    """Whether it is an image, an account, a Region, a version, a path or a word: to hide it would spoil messages."""
    return re.fullmatch(_ORDINARY, value) is not None and not is_random(value)


def is_random(value: str) -> bool:
    """Whether it has letters of both cases and digits and no blank, as a generator of keys makes them."""
    return re.fullmatch(_RANDOM, value) is not None
