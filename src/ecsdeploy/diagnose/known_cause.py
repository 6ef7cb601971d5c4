"""One row of the table of causes: its words, whether it can pass by itself, and the texts that show it."""

from __future__ import annotations

import re
from enum import StrEnum

from ecsdeploy.model.values import value

GUIDE = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/"


class Permanence(StrEnum):
    """Whether waiting can help."""

    PERMANENT = "permanent"
    """The next task meets the same: somebody has to change something."""
    TRANSIENT = "transient"
    """It passes by itself, and ECS tries again until then."""
    UNCLEAR = "unclear"
    """It may be either; only its repetition tells."""


class Aspect(StrEnum):
    """A part of a task definition whose change can explain a cause; also its name in a sentence."""

    VARIABLE = "variable"
    VARIABLE_FILE = "environment file"
    SECRET = "secret"  # noqa: S105 - the name of a part
    COMMAND = "command"
    ENTRY_POINT = "entry point"
    PORT = "port"
    MEMORY = "memory"
    CPU = "CPU"
    HEALTH_CHECK = "health check"
    DEPENDENCY = "dependency"
    LOGGING = "logging"
    VOLUME = "volume"
    USER = "user"
    EXECUTION_ROLE = "execution role"
    TASK_ROLE = "task role"
    PLATFORM = "platform"
    NETWORK = "network mode"


@value(frozen=True, slots=True, kw_only=True)
class Pattern:
    """A regular expression, and a `sample` that it matches: a text of AWS's, or a line of a container's (`in_log`)."""

    regex: str
    sample: str
    in_log: bool = False

    def is_in(self, text: str) -> bool:
        return re.search(self.regex, text, re.DOTALL) is not None


@value(frozen=True, slots=True, kw_only=True)
class KnownCause:
    """One row of the table of causes.

    `meaning` is a sentence without its full stop, `remedy` has one or more with it; both may hold the blanks that
    `phrases` fills in. `because` says why the cause has this permanence; `link` is AWS's page about it. The cause shows
    in a text that matches one of `patterns`, or in the `exit_code` of the container at fault. A `decisive` cause has
    ended the deployment whatever its tasks did: ECS says so. A change of one of the parts in `explained_by` can have
    led to it.
    """

    code: str
    meaning: str
    remedy: str
    permanence: Permanence
    because: str
    link: str
    patterns: tuple[Pattern, ...] = ()
    exit_code: int | None = None
    decisive: bool = False
    explained_by: tuple[Aspect, ...] = ()

    def is_in(self, text: str) -> bool:
        """Whether a text of ECS's shows this cause."""
        return any(each.is_in(text) for each in self.patterns if not each.in_log)

    def is_in_log(self, line: str) -> bool:
        """Whether a line that a container wrote shows this cause."""
        return any(each.is_in(line) for each in self.patterns if each.in_log)


def pattern(regex: str, sample: str) -> Pattern:
    return Pattern(regex=regex, sample=sample)


def pulling(regex: str, sample: str) -> Pattern:
    """A text about an image that is being pulled."""
    begins = "CannotPull\\w*Error|task cannot pull '|task can['\u2019]t pull the image"
    return Pattern(regex=f"(?i:(?:{begins}).*(?:{regex}))", sample=sample)


def initializing(regex: str, sample: str) -> Pattern:
    """A text about what a task needs before its containers can start, in the words of Fargate or of EC2's agent."""
    begins = (
        "ResourceInitializationError|fetching secret data from|(?:asm|ssm) secret resource|unable to create SSM client"
        "|can['\u2019]t retrieve the secret"
    )
    return Pattern(regex=f"(?i:(?:{begins}).*(?:{regex}))", sample=sample)
