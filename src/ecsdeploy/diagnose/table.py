"""The one table of causes, in the order in which a text is held against them: the more special before the more general.

`docs/reference/causes.md` is written from it.
"""

from ecsdeploy.diagnose.catalogue.deploying import AT_LAST, DEPLOYING
from ecsdeploy.diagnose.catalogue.images import IMAGES
from ecsdeploy.diagnose.catalogue.placing import PLACING, PLACING_AT_LAST
from ecsdeploy.diagnose.catalogue.resources import RESOURCES
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
    *AT_LAST,
)

KINDS = {kind.code: kind for kind in CAUSES}
UNKNOWN = KINDS["E-TASK-STOPPED"]

_BY_EXIT_CODE = {kind.exit_code: kind for kind in CAUSES if kind.exit_code is not None}


def find(text: str) -> Kind | None:
    """The first kind that a text of ECS's shows."""
    return next((kind for kind in CAUSES if kind.is_in(text)), None)


def find_in_log(lines: tuple[str, ...]) -> Kind | None:
    """The first kind that a container's own lines show."""
    return next((kind for kind in CAUSES for line in lines if kind.is_in_log(line)), None)


def of_exit_code(code: int | None) -> Kind:
    """What the exit code of the container at fault says by itself."""
    return _BY_EXIT_CODE.get(code, KINDS["E-CONTAINER-EXIT"]) if code is not None else KINDS["E-CONTAINER-EXIT"]
