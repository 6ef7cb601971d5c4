"""Finds what a command to paste must repeat of this command line: who calls which AWS, and changes beside images.

It never repeats a secret. Keys come from the environment; an external id, and an endpoint with a password or a token in
its address, come from the variable of their option.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from itertools import chain
from urllib.parse import urlsplit

from ecsdeploy.cli.options.option import Group, Option
from ecsdeploy.cli.options.table import OPTIONS
from ecsdeploy.cli.words.given import Given
from ecsdeploy.model.access import Access
from ecsdeploy.model.redaction import redact
from ecsdeploy.render.stream import Again

_EXTERNAL_ID = '--external-id "$ECS_DEPLOY_EXTERNAL_ID"'
# If the variable is not set, the shell stops: a command for another endpoint must not reach AWS itself.
_ENDPOINT_URL = '--endpoint-url "${ECS_DEPLOY_ENDPOINT_URL:?}"'


CHANGES = (Group.IMAGE, Group.VARIABLES, Group.PARTS, Group.SERVICE, Group.CODEDEPLOY)
"""The groups of options that say what a release changes."""
IMAGES = frozenset({"image", "tag", "tag_env_var", "eval_image"})
"""Not repeated: we show the images that we found, as a tag or a command may give others later."""


def again(access: Access, given: Given | None = None) -> Again:
    """The options to repeat, quoted for a shell. `given` has those of a command that releases or follows a release."""
    plan = _plan(given) if given else ()
    named = given is None or not given.has("revision")
    return Again(
        access=redact(_access(access)), plan=None if plan is None else redact(shlex.join(plan)), names_images=named
    )


def _access(access: Access) -> str:
    options = {
        "--profile": access.profile,
        "--assume-role": access.assume_role,
        "--endpoint-url": "" if _is_private(access.endpoint_url) else access.endpoint_url,
    }
    words = shlex.join(word for name, text in options.items() if text for word in (name, text))
    endpoint = _ENDPOINT_URL if _is_private(access.endpoint_url) else ""
    return " ".join(filter(None, (words, endpoint, _EXTERNAL_ID if access.external_id else "")))


def _is_private(url: str) -> bool:
    """Whether the address has a user's name, a password or a query."""
    parts = urlsplit(url)
    return "@" in parts.netloc or bool(parts.query) or redact(url) != url


def _plan(given: Given) -> tuple[str, ...] | None:
    """The words that repeat the changes; None if a value may be a secret, which we do not repeat."""
    options = [each for each in OPTIONS if each.group in CHANGES and given.has(each.key) and each.key not in IMAGES]
    if any(each.secret for each in options):
        return None
    # If one option has several spellings, the flag form uses the later one in the table.
    by_name = {each.of_commands.partition(" ")[0]: tuple(_typed(each, given.texts(each.key))) for each in options}
    return tuple(chain.from_iterable(by_name.values()))


def _typed(option: Option, texts: tuple[str, ...]) -> Iterator[str]:
    """The words of an option in a command. If it takes one value, we repeat the last one, as the flag form does."""
    words = option.of_commands.split()
    for text in texts if option.many else texts[-1:]:
        yield from words if option.is_switch or text == option.bare else (*words, text)
