"""The secrets that stand behind a name: `DB_PASSWORD=...`, `"apiKey": "..."`, `--token ...`, `password is ...`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ecsdeploy.model.ordinary import SAYS
from ecsdeploy.model.secretforms import NO_SECRET, Span

_OF_ROWS = (
    "cache",
    "dedup",
    "foreign",
    "hash",
    "idempotency",
    "partition",
    "primary",
    "public",
    "range",
    "routing",
    "sort",
)
_NO_KEYS = "".join(rf"(?<!{word}_)" for word in _OF_ROWS)
"""Keys that are no secret, such as the primary key of a row."""
_STAGES = r"prod(?:uction)?|stag(?:e|ing)|dev(?:elopment)?|test(?:ing)?|qa|live|old|new|current|previous|primary|main"

# ARNs come first: an ARN may name a secret and holds none, so we look for nothing inside it.
_NAME = re.compile(
    rf"""(?P<arn>arn:aws[\w-]*:[^\s"'<>,]+)
    |(?:(?P<password>pass(?:words?|wd|phrase|code)|(?<![a-z\d])pwd|(?<=[a-z\d]_)p(?:ass|w)(?![a-z])
      |(?<![a-z\d])p(?:ass|w)(?==)|(?:require|master)(?:pass|auth)(?=\s)|(?-i:(?<=[a-z\d])Pass(?![a-z])))
    |(?P<key>
      (?:(?:api|access|secret|private|signing|encryption|account|shared|master|license|storage|auth)[-_.\ ]?){{1,3}}key
      |{_NO_KEYS}(?:(?-i:(?<=[A-Z]_)KEY)|(?<=_)key(?==))
      |secret(?:[-_.\ ]?(?:string|token|value))?|token|cred(?:ential)?s?|external[-_\ ]?id
      |(?<![a-z\d])(?:pass(?=:)|(?:otp|sas|dsn|salt|pepper)(?==))|(?<=_)(?:pat|dsn|salt|pepper)(?==)
      |(?<![a-z\d])auth|signature|(?<=[?&])sig))
    (?:[-_]?(?:base|value|string|text|data|hash)|_?\d{{1,2}})?
    (?:[-_](?:{_STAGES})(?![a-z\d_]))?
    (?P<more>(?<=secret)_id|(?:_(?!(?:{SAYS})(?![a-z\d]))[a-z\d]{{1,20}}){{1,2}})?
    (?![a-z\d])""",
    re.IGNORECASE | re.VERBOSE,
)
_QUOTE = r"(?:\\{0,8}[\"'`]|&quot;|&#3[49];|\\{1,8}u002[27])"
"""A quotation mark: plain, escaped, or as HTML and some writers of JSON have it."""
_SIGN = r"(?::=|=>|->|==|[:=]|>(?!\s)|%3[aAdD])"
_WRAPPED = rf"(?:(?:[bBuUrR]{{1,2}}|\$|(?:Some|Just|Ok|Secret|SecretString|SecretStr|Password|String)\()(?={_QUOTE}))?"
"""The mark of bytes or of a raw text, or a type around the value: `b"..."`, `Some("...")`."""
_FOLDED = r"(?:[|>][-+]?\d?\s{1,20})?"
"""The mark of a block in YAML, whose lines a cleaned text has as one."""
_JOINED = re.compile(
    rf"\s{{0,3}}(?P<quote>{_QUOTE})?\]?\s{{0,40}}(?P<sign>{_SIGN})\s{{0,40}}{_FOLDED}{_WRAPPED}"
    # An object that holds the value under another name.
    rf"(?:\{{\s{{0,3}}{_QUOTE}(?:value|text|plain(?:text)?|current){_QUOTE}\s{{0,3}}:\s{{0,3}})?"
)
# As ECS and tags have it: {"name": "DB_PASSWORD", "value": "..."}
_PAIRED = re.compile(
    r"\\{0,8}[\"'`]?\s{0,3},?\s{0,3}\\{0,8}[\"']?value\\{0,8}[\"']?\s{0,3}(?P<sign>[:=])\s{0,3}", re.IGNORECASE
)
# The words of a command, as JSON or Python has them.
_LISTED = re.compile(rf"{_QUOTE}\s{{0,3}},\s{{0,3}}(?={_QUOTE})")
_APART = re.compile(
    r"(?:\s{0,40}\|\s{0,40}|\s{0,3}\.{2,40}\s{0,3}|\s{1,40}(?:(?:is|was|to)\s{1,3})?)(?![\w.-]{1,40}=[^=\s])"
)
# A quoted value ends at the same quote behind as many backslashes: JSON inside of JSON escapes its own.
_QUOTED = re.compile(rf"(?P<quote>{_QUOTE})(?P<value>(?:(?!(?<!\\)(?P=quote)).)*)")
_BLOCK = re.compile(r"(?P<value>[{\[].*)", re.DOTALL)
_SEVERAL = re.compile(r"\[\s{0,3}(?P<value>\\{0,8}[\"'][^\]]{1,400})")
_JUDGED = 400
# A bare value ends at a blank, a backtick or an escaped quote, or at punctuation that nothing or another name follows.
_BARE = re.compile(
    r"(?P<value>(?:[^\s\"'`<>,;&)}\]\\|]|\\(?!\\{0,7}[\"'`])"
    r"|[,;&)}\]|](?![\s\"'`<>,;&)}\]|]|$|[\w.-]{1,40}[=:])){1,400})"
)
_REST = re.compile(r"[^\s\"'`<>]*")
_NEXT_LINE = re.compile(r"\\[nrt]")
_TOLD = re.compile(
    r"(?:is|was|are|has|must|may|cannot|can't|could|should|too|not|does|did|needs?|no|in|un|mis|re|de)?(?:required|missing"
    r"|expected|valid|invalid|set|unset|empty|expired|known|wrong|correct|blank|failed|failure|denied|authorized|forbidden"
    r"|mismatch|enabled|disabled|optional|configured|provided|given|found|changed|rejected|accepted|updated|rotated|loaded"
    r"|default|ok|is|was|are|has|must|may|cannot|can't|could|should|too|not|does|did|needs?|please|enter|use|check|the"
    r"|an?|it|your|you|this|only|at|for|from|while|with|unable|\w+(?:exception|error|fault))[.!:]?",
    re.IGNORECASE,
)
"""What a message about a secret says after the colon, as in `password: required`."""
_A_WORD = re.compile(r"(?:[a-z]{1,15}|\d{1,5})[.!:]?")
_REVISION = re.compile(r"\d{1,6}|latest|v?\d{1,5}(?:\.\d{1,5}){1,3}[\w.-]{0,30}|[\da-f]{7,12}|[\da-f]{40}")
"""What follows the colon in the name of a revision or an image, as in `db-password:7`."""


def secrets_by_name(text: str) -> Iterator[Span]:
    """Where the values stand whose names say that they are secrets."""
    position = 0
    while name := _NAME.search(text, position):
        position = name.end()
        value = None if name["arn"] else _value_of(text, name)
        if value:
            yield value
            position = value[1]


def _value_of(text: str, name: re.Match[str]) -> Span | None:
    joined = _PAIRED.match(text, name.end()) or _JOINED.match(text, name.end())
    if joined is None:
        return _apart(text, name)
    found = _read(text, joined.end(), whole=name[0].lower().endswith("string"))
    if found is None or _is_told(text, name, joined[0], found):
        return None
    value = _NEXT_LINE.split(found["value"], 1)[0]
    quoted = found.re is not _BARE
    certain = name["password"] or quoted or _is_key_of_data(text, name) or ("=" in joined[0] and len(value) > 3)
    if name[0].lower() == "auth":
        certain = (quoted or "=" in joined[0]) and len(value) > 7
    return _extent(text, found) if (certain and not name["more"]) or _is_random(value, 6) else None


def _is_told(text: str, name: re.Match[str], joined: str, found: re.Match[str]) -> bool:
    """Whether it is no value but a sentence (`password: required`), or a version (`db-password:7`)."""
    if found.re is not _BARE or joined.strip() not in (":", "`:"):
        return False
    if joined == ":":
        return _is_path(text, name) or _REVISION.fullmatch(found["value"]) is not None
    is_word = name["key"] and _A_WORD.fullmatch(found["value"])
    return bool(is_word or _TOLD.fullmatch(found["value"]))


def _apart(text: str, name: re.Match[str]) -> Span | None:
    """The value after a blank, as in `password hunter2`; None where it may be a word of a sentence."""
    gap = _APART.match(text, name.end()) or (_LISTED.match(text, name.end()) if _is_option(text, name) else None)
    found = _read(text, gap.end()) if gap else None
    if found is None:
        return None
    value = found["value"]
    if _is_option(text, name):
        return None if value.startswith("-") else _extent(text, found)
    if name["password"]:
        told = found.re is _QUOTED or (len(value) > 3 and re.search(r"[\d!@#$%^*+]", value))
        return _extent(text, found) if told else None
    return _extent(text, found) if found.re is _BARE and _is_random(value, 8) else None


def _read(text: str, start: int, *, whole: bool = False) -> re.Match[str] | None:
    """The value at `start`, unless it is no secret; an object only if `whole`, as else the names in it count."""
    found = (
        _QUOTED.match(text, start)
        or (_BLOCK.match(text, start) if whole else _SEVERAL.match(text, start))
        or _BARE.match(text, start)
    )
    if found is None or NO_SECRET.fullmatch(_NEXT_LINE.split(found["value"], 1)[0]):
        return None
    return None if found["value"][:1] in ("{", "[") and not whole else found


def _extent(text: str, found: re.Match[str]) -> Span:
    """Where all of the value stands: of a long bare one, `found` has only as much as it takes to judge it."""
    start, end = found.span("value")
    rest = _REST.match(text, end) if end - start == _JUDGED and found.re is _BARE else None
    return start, rest.end() if rest else end


def _is_random(value: str, least: int) -> bool:
    return len(value) >= least and re.search(r"\d", value) is not None and re.search(r"[A-Za-z]", value) is not None


def _is_path(text: str, name: re.Match[str]) -> bool:
    """Whether the name is the end of a repository's path: then a tag follows the colon."""
    return re.search(r"/[\w.-]*$", text[max(0, name.start() - 64) : name.start()]) is not None


def _is_key_of_data(text: str, name: re.Match[str]) -> bool:
    """Whether the name is joined to another word (`db_token`, `apiKey`), as no word of a sentence is."""
    return re.search(r"[\w-]$", text[max(0, name.start() - 1) : name.start()]) is not None or bool(
        re.search(r"[-_.]|(?<=[a-z])[A-Z]|(?i:keys?)$", name[0])
    )


def _is_option(text: str, name: re.Match[str]) -> bool:
    return re.search(r"(?:^|[\s\"'])--[\w-]*$", text[max(0, name.start() - 40) : name.start()]) is not None
