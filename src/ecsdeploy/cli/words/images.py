"""Turns the options about images and tags into edits; the flag form may take their texts from elsewhere."""

from __future__ import annotations

import re

from ecsdeploy.cli.environment import Environment
from ecsdeploy.cli.exits import ScriptError, ScriptExit
from ecsdeploy.cli.words.given import Given
from ecsdeploy.cli.words.substitution import NeedsShell, Sources, evaluate, is_indirect, substitute
from ecsdeploy.errors import ImageError, UsageError
from ecsdeploy.model.edits import Edit, SetImage, SetTag
from ecsdeploy.model.image import ImageRef
from ecsdeploy.model.redaction import redact
from ecsdeploy.model.text import printable
from ecsdeploy.model.values import replace

DEFAULT_TAG = "latest"
_CONTAINER = re.compile(r"([A-Za-z0-9_-]+|\*)=(.*)", re.DOTALL)


def split_container(text: str) -> tuple[str, str]:
    """The two parts of `CONTAINER=REF`. The container is empty if none is named."""
    match = _CONTAINER.fullmatch(text)
    return (match[1], match[2]) if match else ("", text)


def parse_image(text: str) -> ImageRef:
    """The reference, with the tag `latest` if it has no tag and no digest. Raises an `ImageError` if it is none."""
    if not text:
        raise ImageError("The image is empty.", hint="Name it as in `registry.example.com/team/web:2`.")
    image = ImageRef.parse(text)
    return image if image.tag or image.digest else replace(image, tag=DEFAULT_TAG)


def legal_tag(text: str) -> str:
    """`text` itself. Raises an `ImageError` if it cannot be a tag."""
    return ImageRef(name="image").with_tag(text).tag


def command_edits(given: Given) -> tuple[Edit, ...]:
    """The edits of `--image` and `--tag` of a command. Several images are edits in their order."""
    if given.has("tag"):
        return (SetTag(tag=legal_tag(given.text("tag"))),)
    parts = (split_container(text) for text in given.texts("image"))
    return tuple(SetImage(container=container, image=parse_image(text)) for container, text in parts)


def flag_edits(given: Given, environment: Environment) -> tuple[Edit, ...]:
    """The edits of the flag form: `-to` wins over `-i`, the last `-i` of a container counts, `-e` wins over its tag."""
    resolver = _Resolver(given, environment)
    if given.has("tag"):
        return (SetTag(tag=resolver.tag(given.text("tag"))),)
    tag = _tag_of_variable(given, environment) if given.has("tag_env_var") else ""
    last = dict(split_container(text) for text in given.texts("image"))
    return tuple(SetImage(container=container, image=resolver.image(text, tag)) for container, text in last.items())


def _tag_of_variable(given: Given, environment: Environment) -> str:
    name = given.text("tag_env_var")
    tag = environment.variables.get(name, "")
    if not tag:
        raise UsageError(
            f"The variable `{name}`, which {given.origin('tag_env_var')} takes the tag from, is not set or is empty.",
            hint="Export it, or leave the option out.",
        )
    return tag


class _Resolver:
    """Turns the text of `-i` or `-to` into an image or a tag. Its errors are in the words of the script."""

    def __init__(self, given: Given, environment: Environment) -> None:
        self._may_eval = given.has("eval_image")
        self._tell = environment.tell
        self._sources = Sources(cwd=environment.cwd, variables=environment.variables)

    def image(self, text: str, tag: str) -> ImageRef:
        resolved = self._resolve(text)
        try:
            return parse_image(resolved).with_tag(tag) if tag else parse_image(resolved)
        except ImageError as error:
            raise _unparsable(text, resolved, error) from None

    def tag(self, text: str) -> str:
        resolved = self._resolve(text)
        try:
            return legal_tag(resolved)
        except ImageError as error:
            raise _unparsable(text, resolved, error) from None

    def _resolve(self, text: str) -> str:
        if not is_indirect(text):
            return text
        try:
            return substitute(text, self._sources)
        except NeedsShell:
            return self._evaluate(text)

    def _evaluate(self, text: str) -> str:
        if not self._may_eval:
            raise ScriptError(
                ScriptExit.IMAGE,
                said=_script_text(text),
                message=f"`{text}` has a command that only a shell can run.",
                hint="Add `--eval-image` to let `/bin/sh -c` evaluate it.",
            ) from None
        self._tell(f"`--eval-image`: `/bin/sh -c` evaluates `{text}`.")
        return evaluate(text, self._sources)


def _script_text(text: str) -> str:
    return f"Unable to parse image name: {redact(printable(text))}, check the format and try again"


def _unparsable(text: str, resolved: str, error: ImageError) -> ScriptError:
    """The error for a text that is no image or tag. If we substituted something, we do not show that."""
    if resolved == text:
        return ScriptError(ScriptExit.IMAGE, said=_script_text(text), message=error.message, hint=error.hint)
    return ScriptError(
        ScriptExit.IMAGE,
        said=_script_text(text),
        message=f"What `{text}` gives is not a legal tag or reference.",
        hint="A tag is one word of up to 128 letters, digits, `_`, `.` and `-`.",
    )
