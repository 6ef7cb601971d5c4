"""The one table of causes, in the order in which a text is held against them: the more special before the more general.

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
from ecsdeploy.diagnose.kinds import Kind

CAUSES: tuple[Kind, ...] = (
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

KINDS = {kind.code: kind for kind in CAUSES}
PLACEMENT = frozenset(kind.code for kind in (*PLACING, *PLACING_AT_LAST, *PLACING_UNKNOWN))
"""Of a search for a place: what tasks that had one say of their end is nearer to it."""
UNKNOWN = KINDS["E-TASK-STOPPED"]

# (service web) was unable to place a task. Reason: ResourceInitializationError: ...
_REASON = re.compile(r"unable to place [^.]*\. Reason: (.+)", re.DOTALL)
_BY_EXIT_CODE: dict[int | None, Kind] = {kind.exit_code: kind for kind in CAUSES if kind.exit_code is not None}


def find(text: str) -> Kind | None:
    """The first kind that a text of ECS's shows; what stands after `Reason:` may also be a task's own text."""
    parts = (text, *_REASON.findall(text))
    return next((kind for kind in CAUSES if any(kind.is_in(part) for part in parts)), None)


def find_in_log(lines: tuple[str, ...]) -> Kind | None:
    """The first kind that a container's own lines show."""
    return next((kind for kind in CAUSES for line in lines if kind.is_in_log(line)), None)


def of_exit_code(code: int | None) -> Kind:
    """What the exit code of the container at fault says by itself."""
    return _BY_EXIT_CODE.get(code, KINDS["E-CONTAINER-EXIT"])
