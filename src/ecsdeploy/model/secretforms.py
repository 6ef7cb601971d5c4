"""The secrets that a text gives away by their form: addresses, headers, tokens, keys, and options of programs."""

from __future__ import annotations

import re
from collections.abc import Iterator

Span = tuple[int, int]
"""Where a part of a text begins, and where it ends."""

NO_SECRET = re.compile(
    r"(?:null|none|nil|true|false|yes|no|undefined|redacted|hidden|\W+|<[\w -]+>|\[\w+\]?|\$\{?\w+\}?|%\w"
    r"|arn:aws[\w-]*:.+|ecs-svc/\d+|[A-Za-z_.:]{1,60}\(\)?"
    r"|/(?:root|etc|run|var|home|usr|opt|app|tmp|mnt|srv)/[\w./-]+"
    r"|A[KS]IA[A-Z\d]{12,}(?:\W.*)?"
    r"|\*{3}.*)",
    re.IGNORECASE,
)
"""A value that is no secret: it says that there is none, or where it is."""

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


def secrets_by_form(text: str) -> Iterator[Span]:
    """Where the secrets stand that a text gives away by their form."""
    for pattern in (*_PARTS, *_SHAPES):
        for match in pattern.finditer(text):
            if not NO_SECRET.fullmatch(text, *match.span("secret")):
                yield match.span("secret")
