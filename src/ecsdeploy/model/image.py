"""Image references, by the grammar of the distribution project.

Grammar: https://github.com/distribution/reference (reference.go, normalize.go). A name without a registry is
Docker Hub's: `nginx` is `docker.io/library/nginx`. ECR hosts:
https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html
"""

from __future__ import annotations

import re

from ecsdeploy.errors import ImageError
from ecsdeploy.model.text import printable
from ecsdeploy.model.values import replace, value

DOCKER_HUB = "docker.io"
_HUBS = frozenset({DOCKER_HUB, "index.docker.io", "registry-1.docker.io", "registry.hub.docker.com"})
"""The names under which Docker Hub answers."""

_COMPONENT = r"[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*"
_PATH = re.compile(rf"{_COMPONENT}(?:/{_COMPONENT})*")
_LABEL = r"(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])"
_HOST = re.compile(rf"(?:{_LABEL}(?:\.{_LABEL})*|\[[0-9a-fA-F:]+\])(?::[0-9]+)?")
_TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}")
_ANY = re.compile(r".*")
_DIGEST = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}")
_REGISTERED = {
    algorithm: re.compile(rf"[0-9a-f]{{{length}}}")
    for algorithm, length in (("sha256", 64), ("sha384", 96), ("sha512", 128))
}
"""The digits of the algorithms that https://github.com/opencontainers/go-digest knows: lower case, of one length."""
_ECR = re.compile(
    r"(?P<account>[0-9]{12})\.dkr(?:\.ecr|-ecr)(?P<fips>-fips)?\.(?P<region>[a-z0-9-]+)"
    r"\.(?:amazonaws\.com(?:\.cn)?|on\.aws|on\.amazonwebservices\.com\.cn)"
)
_NAME_LIMIT = 255
_TAG_HINT = "A tag has up to 128 letters, digits, `_`, `.` and `-`, and does not begin with `.` or `-`."
_HINT = "Write `[registry[:port]/]name[:tag][@digest]`, for example `registry.example.com:5000/team/web:2`."


@value(frozen=True, slots=True, kw_only=True)
class EcrHost:
    """What an ECR registry's host name says."""

    account: str
    region: str


@value(frozen=True, slots=True, kw_only=True)
class ImageRef:
    """One reference: `name` as it was written (registry included), then the tag and the digest, or empty."""

    name: str
    tag: str = ""
    digest: str = ""

    @classmethod
    def parse(cls, text: str) -> ImageRef:
        """Parse `[host[:port]/]path[:tag][@digest]`; an `ImageError` says what is wrong with it."""
        name, digest = _cut_digest(text)
        name, tag = _cut_tag(name)
        _check_name(name, text)
        return cls(name=name, tag=tag, digest=digest)

    def __str__(self) -> str:
        return self.name + (f":{self.tag}" if self.tag else "") + (f"@{self.digest}" if self.digest else "")

    @property
    def host(self) -> str:
        """The registry, with its port, by the first of its names; Docker Hub where none was written."""
        return _first_name(_split_host(self.name)[0])

    @property
    def path(self) -> str:
        """The repository within the registry, with Docker Hub's implied `library/`."""
        return _split_host(self.name)[1]

    @property
    def repository(self) -> str:
        """The whole normalised repository: equal exactly when two references mean the same one."""
        return f"{self.host}/{self.path}"

    @property
    def ecr(self) -> EcrHost | None:
        match = _ECR.fullmatch(self.host)
        return EcrHost(account=match["account"], region=match["region"]) if match else None

    def with_tag(self, tag: str) -> ImageRef:
        """The same repository at `tag`, without any digest; an `ImageError` when the tag is not legal."""
        if not _TAG.fullmatch(tag):
            raise ImageError(_wrong_tag(tag), hint=_TAG_HINT)
        return replace(self, tag=tag, digest="")


def same_repository(text: str, other: ImageRef) -> bool:
    """Whether `text` is a reference into the repository of `other`; a text that does not parse is not."""
    try:
        return ImageRef.parse(text).repository == other.repository
    except ImageError:
        return False


def _cut_digest(text: str) -> tuple[str, str]:
    name, at, digest = text.partition("@")
    if not at:
        return name, ""
    algorithm, _, digits = digest.partition(":")
    if not _DIGEST.fullmatch(digest) or not _REGISTERED.get(algorithm, _ANY).fullmatch(digits):
        raise ImageError(
            f"`{digest}` is not a digest in `{text}`.",
            hint="A digest looks like `sha256:` and 64 hexadecimal digits in lower case.",
        )
    return name, digest


def _cut_tag(text: str) -> tuple[str, str]:
    head, slash, last = text.rpartition("/")
    name, colon, tag = last.partition(":")
    if not colon:
        _refuse_slash(head, last, text)
        return text, ""
    if not _TAG.fullmatch(tag):
        raise ImageError(_wrong_tag(tag, text), hint=_TAG_HINT)
    return head + slash + name, tag


def _refuse_slash(head: str, last: str, text: str) -> None:
    """Raise an `ImageError` for a tag with a slash in it, as it has where a branch's name becomes the tag."""
    first, _, rest = head.partition("/")
    name, colon, tag = (rest if _HOST.fullmatch(first) else head).partition(":")
    if colon and _PATH.fullmatch(name):
        raise ImageError(f"The tag `{tag}/{last}` has a `/` in `{text}`.", hint=_TAG_HINT)


def _wrong_tag(tag: str, text: str = "") -> str:
    within = f" in `{printable(text)}`" if text else ""
    if not tag:
        return f"The tag is empty{within}: is a variable unset?"
    if tag.endswith("\r") and _TAG.fullmatch(tag.rstrip("\r")):
        return f"The tag `{printable(tag)}` ends in a carriage return: was a file written on Windows?"
    if "/" in tag:
        return f"The tag `{printable(tag)}` has a `/`{within}."
    return f"`{printable(tag)}` is not a legal tag{within}."


def _split_host(name: str) -> tuple[str, str]:
    """Split like the reference implementation: the first part is a host only if it looks like one."""
    first, slash, rest = name.partition("/")
    is_host = bool(slash) and ("." in first or ":" in first or first == "localhost" or first != first.lower())
    host, path = (first, rest) if is_host else (DOCKER_HUB, name)
    if host in _HUBS and "/" not in path:
        path = f"library/{path}"
    return host, path


def _first_name(host: str) -> str:
    """One name for a registry that answers under several: Docker Hub, or a private ECR registry (IPv6, FIPS).

    https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-requests.html
    """
    if host in _HUBS:
        return DOCKER_HUB
    match = _ECR.fullmatch(host)
    if match is None:
        return host
    suffix = ".cn" if match["region"].startswith("cn-") else ""
    return f"{match['account']}.dkr.ecr.{match['region']}.amazonaws.com{suffix}"


def _check_name(name: str, text: str) -> None:
    host, path = _split_host(name)
    if not name or len(f"{host}/{path}") > _NAME_LIMIT:
        wrong = f"The image name in `{text}` is longer than 255." if name else f"`{text}` has no image name."
        raise ImageError(wrong, hint=_HINT)
    if not _HOST.fullmatch(host):
        raise ImageError(f"`{host}` is not a registry's host name in `{text}`.")
    if not _PATH.fullmatch(path):
        if path != path.lower():
            raise ImageError(
                f"The repository in `{text}` has upper-case letters.", hint="Repository names are lower case."
            )
        raise ImageError(f"`{text}` is not an image reference.", hint=_HINT)
