"""Carries out a command that only reads: it shows what it found once, as a screen or as one JSON object."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol, TypeVar

from ecsdeploy.cli.access import access
from ecsdeploy.cli.environment import Environment
from ecsdeploy.cli.session.again import again
from ecsdeploy.cli.session.tracing import connected, tracing
from ecsdeploy.cli.showing import Showing, showing
from ecsdeploy.cli.words.given import Given
from ecsdeploy.model.access import Access
from ecsdeploy.model.asked import names_in
from ecsdeploy.model.request import OverviewRequest
from ecsdeploy.render.clean import cleaned
from ecsdeploy.render.stream import LineStream, Style

if TYPE_CHECKING:
    from ecsdeploy.api import Connection
    from ecsdeploy.model.asked import OfService

Found = TypeVar("Found")


class Look(Protocol[Found]):
    """What one command reads, and how it shows that."""

    @property
    def request(self) -> OverviewRequest | OfService: ...

    def read(self, connection: Connection, /) -> Found: ...

    def exit_code(self, found: Found, /) -> int:
        """The exit code for `--exit-code`, if the command has that, and for the JSON object."""

    def json(self, found: Found, code: int, /) -> str:
        """One JSON object. `found` has no secrets and no control characters, here and in `show`."""

    def show(self, found: Found, stream: LineStream, style: Style, /) -> None: ...


def look(
    at: Look[Found],
    given: Given,
    environment: Environment,
    *,
    exits: bool = False,
    then: Callable[[Found, int], int] | None = None,
) -> int:
    """Read, show, and return the exit code: 0, or with `--exit-code` that of what was found.

    `then` gets what was shown and its exit code, and returns the one that counts.
    """
    environment.secrets.spare(names_in(at.request))
    aimed, shown = access(given, environment), showing(drawn_once(given), environment)
    with tracing(shown, environment) as trace:
        found = at.read(connected(aimed, environment, trace))
    code = at.exit_code(found)
    stream, clean = LineStream(environment.stdout), cleaned(found, environment.secrets)
    if shown.output == "json":
        stream.line(at.json(clean, code))
    else:
        at.show(clean, stream, style_of(shown, aimed, environment))
    code = code if exits or given.has("exit_code") else 0
    return then(clean, code) if then else code


def drawn_once(given: Given) -> Given:
    """The options without `--output live`: we show one screen, which does not move."""
    if given.text("output") != "live":
        return given
    return Given({key: texts for key, texts in given.values.items() if key != "output"}, given.origins)


def style_of(shown: Showing, aimed: Access, environment: Environment) -> Style:
    """How texts on stdout are written."""
    color = environment.wants_color(shown.color, of_stdout=True)
    return Style(color=color, width=environment.width, simulated=environment.simulated, again=again(aimed))
