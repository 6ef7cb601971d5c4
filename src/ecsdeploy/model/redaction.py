"""Finds secrets in a text by the ways in which programs write them, and hides them.

Each pattern is bounded, or consumes what it has looked at: the time grows with the text's length and no faster.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from ecsdeploy.model.ordinary import SAYS

HIDDEN = "***"
Span = tuple[int, int]

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
"""The keys that open nothing, such as a row's."""
_STAGES = r"prod(?:uction)?|stag(?:e|ing)|dev(?:elopment)?|test(?:ing)?|qa|live|old|new|current|previous|primary|main"

# ARNs stand first: they name a secret and hold none, and what is in them is not looked at again.
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
"""As it is, escaped, or as HTML and some writers of JSON have it."""
_SIGN = r"(?::=|=>|->|==|[:=]|>(?!\s)|%3[aAdD])"
_WRAPPED = rf"(?:(?:[bBuUrR]{{1,2}}|\$|(?:Some|Just|Ok|Secret|SecretString|SecretStr|Password|String)\()(?={_QUOTE}))?"
"""Bytes, a raw text, or a value in the shell of a type."""
_FOLDED = r"(?:[|>][-+]?\d?\s{1,20})?"
"""YAML's lines, which a cleaned text has as one."""
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
_NO_SECRET = re.compile(
    r"(?:null|none|nil|true|false|yes|no|undefined|redacted|hidden|\W+|<[\w -]+>|\[\w+\]?|\$\{?\w+\}?|%\w"
    r"|arn:aws[\w-]*:.+|ecs-svc/\d+|[A-Za-z_.:]{1,60}\(\)?"
    r"|/(?:root|etc|run|var|home|usr|opt|app|tmp|mnt|srv)/[\w./-]+"
    r"|A[KS]IA[A-Z\d]{12,}(?:\W.*)?"
    r"|\*{3}.*)",
    re.IGNORECASE,
)
"""Of a value: it says that there is none, or where it is."""
_TOLD = re.compile(
    r"(?:is|was|are|has|must|may|cannot|can't|could|should|too|not|does|did|needs?|no|in|un|mis|re|de)?(?:required|missing"
    r"|expected|valid|invalid|set|unset|empty|expired|known|wrong|correct|blank|failed|failure|denied|authorized|forbidden"
    r"|mismatch|enabled|disabled|optional|configured|provided|given|found|changed|rejected|accepted|updated|rotated|loaded"
    r"|default|ok|is|was|are|has|must|may|cannot|can't|could|should|too|not|does|did|needs?|please|enter|use|check|the"
    r"|an?|it|your|you|this|only|at|for|from|while|with|unable|\w+(?:exception|error|fault))[.!:]?",
    re.IGNORECASE,
)
"""What a diagnosis says behind the colon."""
_A_WORD = re.compile(r"(?:[a-z]{1,15}|\d{1,5})[.!:]?")
_REVISION = re.compile(r"\d{1,6}|latest|v?\d{1,5}(?:\.\d{1,5}){1,3}[\w.-]{0,30}|[\da-f]{7,12}|[\da-f]{40}")
"""What stands behind the colon of a family's, or an image's, own name."""

_HEADER = r"authorization\\{0,8}[\"']?\s{0,3}[:=]"
_OTHER_SCHEME = r"(?!\s{0,3}\\{0,8}[\"']?(?:bearer|basic|token|apikey)\s)"
_SENTENCE = r"(?!\s{0,3}(?:[a-z]{1,20}\s[a-z]{1,15}(?:[\s.,;:]|$)|(?:failed|required|none|missing|denied)\b))"
_ISSUED = (
    r"gh[pousr]_\w{30,}|github_pat_\w{30,}|glpat-[\w-]{16,}|xox[abeoprs]-[\w-]{10,}|(?:sk|rk|pk)_(?:live|test)_\w{10,}"
    r"|sk-[\w-]{20,}|AIza[\w-]{30,}|npm_\w{30,}|pypi-[\w-]{30,}|SG\.[\w-]{16,}\.[\w-]{16,}|dckr_pat_[\w-]{20,}"
    r"|hv[sb]\.[\w-]{20,}|NRAK-\w{20,}|whsec_[\w+/=]{20,}"
)
"""Tokens whose issuers mark them."""
_BASE64 = r"(?<![A-Za-z0-9+/])(?<!==)(?=[a-z\d+/]{0,39}[A-Z])(?=[A-Z\d+/]{0,39}[a-z])(?=[A-Za-z+/]{0,39}\d)"

_OF_USER = r"(?:^|\s)(?:-u|--user)[=\s]\s{0,3}[\"']?(?!\d{1,9}:\d{1,9}(?!\S))"
"""Neither `1000:1000` nor `app:app` is a password: they are a user and a group."""
_WORDS = r"[^|;&]{0,100}?"
"""What stands between a program and its option."""

_PARTS = tuple(
    re.compile(pattern, re.IGNORECASE | re.DOTALL)
    for pattern in (
        # https://user:password@host, whose password may have an @ or a slash; a port is none.
        r"://[^\s/:@\"'<>]{0,200}:(?!\d{1,5}[/?#\s])(?P<secret>[^\s\"'<>]{1,300})@(?=[\w\[-])",
        r"://(?P<secret>[^\s/:@\"'<>]{20,200})@(?=[\w-])",
        # An image with its registry's user and password.
        r"(?<![\w/@.-])[\w.+-]{1,64}:(?P<secret>[^\s\"'<>/@]{1,200})@(?=[\w.-]{1,253}(?::\d{2,5}(?!\w)|(?::\d{1,5})?/))",
        r"_proxy\\{0,8}[\"']?\s{0,3}[:=]\s{0,3}\\{0,8}[\"']?[^\s:/@\"']{1,64}:(?P<secret>[^\s\"'<>]{1,200})@(?=[\w\[-])",
        # A data source's name as Go's driver for MySQL has it.
        r"(?<![\w/@.-])[\w.+-]{1,64}:(?P<secret>[^\s\"'<>]{1,200})@(?=(?:tcp6?|udp|unix|cloudsql)\()",
        _OF_USER + r"(?P<who>[\w.@+-]{1,64}):(?!(?P=who)(?!\S))(?P<secret>[^\s\"']+)",
        r"\bjdbc:oracle:\w{1,10}:[\w.$-]{1,64}/(?P<secret>[^\s\"'@]{1,200})@",
        rf"\bcurl\b{_WORDS}\s-u(?=[\w.@+-]{{1,64}}:\D)[\w.@+-]{{1,64}}:(?P<secret>[^\s\"']+)",
        rf"\b(?:mysql|mysqldump|mariadb)\b{_WORDS}\s-p(?P<secret>[^\s\"']+)",
        rf"\b(?:sshpass|docker\s+login|podman\s+login)\b{_WORDS}\s-p[=\s]?(?P<secret>[^\s\"']+)",
        rf"\bredis-cli\b{_WORDS}\s-a\s+(?P<secret>[^\s\"']+)",
        _HEADER + r"\s{0,3}\\{0,8}[\"']?(?:bearer|basic|token|apikey)\s+(?P<secret>[^\s\"',;\\]+)",
        # The other schemes have parts, each of which may be secret.
        _HEADER + _OTHER_SCHEME + _SENTENCE + r"\s{0,3}\\{0,8}[\"']?(?P<secret>[^\s\"'\\][^\"'\\]*)",
        r"\b(?:bearer|basic)\s+(?=[\w.~+/=-]{0,200}[\d=])(?P<secret>[\w.~+/=-]{8,})",
        r"(?<![\w-])(?:set-)?cookie\\{0,8}[\"']?\s{0,3}[:=]\s{0,3}\\{0,8}[\"']?(?P<secret>[^\"'\\]+)",
        r"-----BEGIN [A-Z\d ]{0,40}PRIVATE KEY(?: BLOCK)?-----(?P<secret>.*?)(?:-----END|$)",
        r"hooks\.slack\.com/(?:services|workflows)/(?P<secret>[\w/]{8,})",
        r"\blogin\s+\S{1,100}\s+password\s+(?P<secret>\S+)",
    )
)
_SHAPES = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?P<secret>\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?)",
        r"\b(?:AKIA|ASIA)[A-Z0-9]{2}(?P<secret>[A-Z0-9]{10,})(?=[A-Z0-9]{2}\b)",
        r"(?P<secret>\b(?:IQoJ|FwoG|FQoG)[A-Za-z0-9+/=_%-]{40,})",
        rf"(?P<secret>\b(?:{_ISSUED}))",
        # The form of a secret access key: 40 characters of base64, which a commit's hexadecimal 40 are not.
        _BASE64 + r"(?P<secret>[A-Za-z0-9+][A-Za-z0-9+/]{39})(?![A-Za-z0-9+/=])",
        # A line of a key's file.
        r"^\s*(?=[^A-Z]*[A-Z])(?=[^a-z]*[a-z])(?=\D*\d)(?P<secret>[A-Za-z0-9+/]{60,76}={0,2})\s*$",
    )
)


_PERHAPS = re.compile(
    r"pass|pwd|pw=|_pw|key|secret|token|cred|dsn|salt|pepper|otp=|sas=|_pat|external|auth|signature|[?&]sig|cookie|bearer|basic|login|private"
    r"|://|@|\s-[uap]|[\w+/=.-]{16}",
    re.IGNORECASE,
)
"""Most texts have nothing of the kind, and are not looked at further."""


def redact(text: str) -> str:
    """The same text with `***` for each secret that its surroundings or its form give away."""
    return hidden(text, spans(text))


def secrets_in(text: str) -> tuple[str, ...]:
    """What `redact` hides."""
    return tuple(text[start:end] for start, end in spans(text))


def hidden(text: str, found: Iterable[Span]) -> str:
    """The same text with `***` for each part."""
    shown, end = [], 0
    for first, last in sorted(found):
        if last > end:
            shown += [text[end:first], HIDDEN] if first >= end else []
            end = last
    return "".join((*shown, text[end:]))


@lru_cache(maxsize=1024)
def spans(text: str) -> tuple[Span, ...]:
    """Where the secrets stand; the same names and ARNs come again with each event."""
    if not _PERHAPS.search(text):
        return ()
    found = (match.span("secret") for pattern in (*_PARTS, *_SHAPES) for match in pattern.finditer(text))
    return (*_named(text), *(each for each in found if not _NO_SECRET.fullmatch(text, *each)))


def _named(text: str) -> Iterator[Span]:
    """The values of names that stand for secrets."""
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
    """`password: required`, `db-password:7`: a sentence, or the version of what is called so."""
    if found.re is not _BARE or joined.strip() not in (":", "`:"):
        return False
    if joined == ":":
        return _is_path(text, name) or _REVISION.fullmatch(found["value"]) is not None
    is_word = name["key"] and _A_WORD.fullmatch(found["value"])
    return bool(is_word or _TOLD.fullmatch(found["value"]))


def _apart(text: str, name: re.Match[str]) -> Span | None:
    """`password hunter2`: only a value that no word of a sentence looks like."""
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
    """The value that begins there, unless it says nothing; an object, whose names count, only if `whole`."""
    found = (
        _QUOTED.match(text, start)
        or (_BLOCK.match(text, start) if whole else _SEVERAL.match(text, start))
        or _BARE.match(text, start)
    )
    if found is None or _NO_SECRET.fullmatch(_NEXT_LINE.split(found["value"], 1)[0]):
        return None
    return None if found["value"][:1] in ("{", "[") and not whole else found


def _extent(text: str, found: re.Match[str]) -> Span:
    """All of the value: of a bare one no more is read than it takes to judge it."""
    start, end = found.span("value")
    rest = _REST.match(text, end) if end - start == _JUDGED and found.re is _BARE else None
    return start, rest.end() if rest else end


def _is_random(value: str, least: int) -> bool:
    return len(value) >= least and re.search(r"\d", value) is not None and re.search(r"[A-Za-z]", value) is not None


def _is_path(text: str, name: re.Match[str]) -> bool:
    """The end of a repository's name: what follows the colon is a tag."""
    return re.search(r"/[\w.-]*$", text[max(0, name.start() - 64) : name.start()]) is not None


def _is_key_of_data(text: str, name: re.Match[str]) -> bool:
    """`db_token`, `apiKey`: joined to something, which a word in a sentence is not."""
    return re.search(r"[\w-]$", text[max(0, name.start() - 1) : name.start()]) is not None or bool(
        re.search(r"[-_.]|(?<=[a-z])[A-Z]|(?i:keys?)$", name[0])
    )


def _is_option(text: str, name: re.Match[str]) -> bool:
    return re.search(r"(?:^|[\s\"'])--[\w-]*$", text[max(0, name.start() - 40) : name.start()]) is not None
