"""The one table of causes, in the order in which we compare a text with them: the more precise before the more general.

`docs/reference/causes.md` is written from it.
"""

from __future__ import annotations

import re

from ecsdeploy.diagnose.catalogue.deploying import AT_LAST, DEPLOYING
from ecsdeploy.diagnose.catalogue.images import IMAGES
from ecsdeploy.diagnose.catalogue.placing import PLACING, PLACING_AT_LAST, PLACING_UNKNOWN
from ecsdeploy.diagnose.catalogue.resources import RESOURCES, RESOURCES_AT_LAST
from ecsdeploy.diagnose.catalogue.running import RUNNING
from ecsdeploy.diagnose.catalogue.starting import STARTING, STARTING_AT_LAST
from ecsdeploy.diagnose.known_cause import KnownCause

CAUSES: tuple[KnownCause, ...] = (
    *STARTING,
    *IMAGES,
    *RESOURCES,
    *STARTING_AT_LAST,
    *PLACING,
    *DEPLOYING,
    *RUNNING,
    *PLACING_AT_LAST,
    *RESOURCES_AT_LAST,
    *PLACING_UNKNOWN,
    *AT_LAST,
)

BY_CODE = {cause.code: cause for cause in CAUSES}
PLACEMENT = frozenset(cause.code for cause in (*PLACING, *PLACING_AT_LAST, *PLACING_UNKNOWN))
"""Causes of a search for a place. A task that had a place says more about its own end than these do."""
UNKNOWN = BY_CODE["E-TASK-STOPPED"]

# (service web) was unable to place a task. Reason: ResourceInitializationError: ...
_REASON = re.compile(r"unable to place [^.]*\. Reason: (.+)", re.DOTALL)
_BY_EXIT_CODE: dict[int | None, KnownCause] = {each.exit_code: each for each in CAUSES if each.exit_code is not None}


def find(text: str) -> KnownCause | None:
    """The first cause that a text of ECS's shows; the part after `Reason:` may be a task's own text."""
    parts = (text, *_REASON.findall(text))
    return next((cause for cause in CAUSES if any(cause.is_in(part) for part in parts)), None)


def find_in_log(lines: tuple[str, ...]) -> KnownCause | None:
    """The first cause that the lines of a container's log show."""
    return next((cause for cause in CAUSES for line in lines if cause.is_in_log(line)), None)


def of_exit_code(code: int | None) -> KnownCause:
    """The cause that the exit code of the container at fault shows by itself."""
    return _BY_EXIT_CODE.get(code, BY_CODE["E-CONTAINER-EXIT"])
