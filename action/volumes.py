"""A volume that is configured at launch, from the two inputs that AWS's own Action has for it."""

import json
from collections.abc import Iterator

from action.order import Inputs
from ecsdeploy.errors import UsageError
from ecsdeploy.model.values import value

_ROLE, _TYPE, _THROUGHPUT = "roleArn", "volumeType", "throughput"
_WITH_THROUGHPUT = "gp3"
_SENT = (
    _ROLE,
    "encrypted",
    "filesystemType",
    "iops",
    "kmsKeyId",
    "sizeInGiB",
    "snapshotId",
    "tagSpecifications",
    _THROUGHPUT,
    _TYPE,
)
"""AWS's Action sends these, and `throughput` for one type of volume alone."""
_NONE = "{}"


@value(frozen=True, slots=True)
class VolumeInputs:
    """The inputs for the volume of a service, or of a task: `name` has its name, `volume` its configuration."""

    name: str
    volume: str

    def read(self, given: Inputs) -> list[dict[str, object]]:
        """As `volumeConfigurations` has it; empty without both inputs, as there. Nothing of it is shown in an error."""
        if self.name not in given or not self._is_given(given):
            return []
        asked = self._object(given)
        return [{"name": given[self.name], "managedEBSVolume": {key: asked[key] for key in _SENT if _goes(key, asked)}}]

    def warnings(self, given: Inputs) -> Iterator[str]:
        """What of the two inputs is not sent."""
        one, other = (self.name in given, self._is_given(given))
        if one != other:
            there, missing = (self.name, self.volume) if one else (self.volume, self.name)
            yield f"`{there}` is not read without `{missing}`: no volume is configured."
        elif one:
            asked = self._object(given)
            for key in asked:
                if not _goes(key, asked):
                    yield f"`{key}` of `{self.volume}` is not sent, as AWS's Action does not send it either."

    def _is_given(self, given: Inputs) -> bool:
        return given.get(self.volume, _NONE) != _NONE

    def _object(self, given: Inputs) -> dict[str, object]:
        try:
            asked = json.loads(given[self.volume])
        except (ValueError, RecursionError):
            raise UsageError(f"The input `{self.volume}` is not JSON.") from None
        if not isinstance(asked, dict) or _ROLE not in asked:
            raise UsageError(f"The input `{self.volume}` must be a JSON object with a `{_ROLE}`.")
        return asked


def _goes(key: str, asked: dict[str, object]) -> bool:
    return key in asked and key in _SENT and (key != _THROUGHPUT or asked.get(_TYPE) == _WITH_THROUGHPUT)


OF_SERVICE = VolumeInputs("service-managed-ebs-volume-name", "service-managed-ebs-volume")
OF_TASK = VolumeInputs("run-task-managed-ebs-volume-name", "run-task-managed-ebs-volume")
