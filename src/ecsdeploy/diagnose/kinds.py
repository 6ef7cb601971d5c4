"""What a kind of cause is: its words, whether it can pass by itself, and the texts of AWS's that show it."""

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
class Sign:
    """A pattern, and a text of AWS's (or, `in_log`, a line of a container's) that it matches."""

    pattern: str
    sample: str
    in_log: bool = False

    def is_in(self, text: str) -> bool:
        return re.search(self.pattern, text, re.DOTALL) is not None


@value(frozen=True, slots=True, kw_only=True)
class Kind:
    """One row of the table of causes.

    `meaning` is a sentence without its full stop, `remedy` one or more with it; both may hold the blanks of `phrases`.
    `because` is why it has this permanence, and `link` AWS's page about it. `exit_code` is the one that shows it.
    A `decisive` kind is what ended the deployment whatever its tasks did: ECS says so. `explained_by` are the parts of
    a definition whose change can have led to it.
    """

    code: str
    meaning: str
    remedy: str
    permanence: Permanence
    because: str
    link: str
    signs: tuple[Sign, ...] = ()
    exit_code: int | None = None
    decisive: bool = False
    explained_by: tuple[Aspect, ...] = ()

    def is_in(self, text: str) -> bool:
        """Whether a text of ECS's shows it."""
        return any(sign.is_in(text) for sign in self.signs if not sign.in_log)

    def is_in_log(self, line: str) -> bool:
        """Whether a line that a container wrote shows it."""
        return any(sign.is_in(line) for sign in self.signs if sign.in_log)


def sign(pattern: str, sample: str) -> Sign:
    return Sign(pattern=pattern, sample=sample)


def pulling(pattern: str, sample: str) -> Sign:
    """A text about an image that is being pulled."""
    begins = "CannotPull\\w*Error|task cannot pull '|task can['\u2019]t pull the image"
    return Sign(pattern=f"(?i:(?:{begins}).*(?:{pattern}))", sample=sample)


def initializing(pattern: str, sample: str) -> Sign:
    """A text about what a task needs before its containers can start, in Fargate's words or those of EC2's agent."""
    begins = (
        "ResourceInitializationError|fetching secret data from|(?:asm|ssm) secret resource|unable to create SSM client"
        "|can['\u2019]t retrieve the secret"
    )
    return Sign(pattern=f"(?i:(?:{begins}).*(?:{pattern}))", sample=sample)
