"""The SDK's data files, without the two that cost most to read and that no service of ours needs.

Measured with botocore 1.44.5: looking through the folders of 400 services and parsing the 1.2 MB of `endpoints.json`
take half the time of creating a client. Every service has an endpoint rule set, which goes before that file.
"""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

from botocore.loaders import JSONFileLoader, Loader

SERVICES = (
    "application-autoscaling",
    "cloudwatch",
    "codedeploy",
    "ecr",
    "ecs",
    "elbv2",
    "events",
    "iam",
    "logs",
    "scheduler",
    "secretsmanager",
    "signin",
    "ssm",
    "sso",
    "sso-oidc",
    "sts",
    "vpc-lattice",
)
_YOUNGER_OPERATIONS = {"ecs/2014-11-13/service-2": ("ContinueServiceDeployment",)}
"""What we call and the oldest SDK that we support, 1.40, has no model of. Members without a model are sent anyway."""


class _PlainJsonLoader(JSONFileLoader):  # type: ignore[misc] # the SDK has no types
    """Reads JSON into plain dictionaries, which keep their order too, in half the time."""

    def load_file(self, file_path: str) -> object:
        """The content of the file (its name comes without the extension), or None if there is none."""
        path = Path(f"{file_path}.json")
        if path.is_file():
            return json.loads(path.read_bytes())
        packed = Path(f"{file_path}.json.gz")
        return json.loads(gzip.decompress(packed.read_bytes())) if packed.is_file() else None


class _LeanLoader(Loader):  # type: ignore[misc] # the SDK has no types
    def __init__(self) -> None:
        super().__init__(file_loader=_PlainJsonLoader())

    def list_available_services(self, type_name: str) -> tuple[str, ...]:  # noqa: ARG002 - the SDK's signature
        return SERVICES

    def load_data_with_path(self, name: str) -> tuple[object, str]:
        """An `endpoints` without partitions leaves every address to the rule sets."""
        if name == "endpoints":
            return {"version": 3, "partitions": []}, f"{self.BUILTIN_DATA_PATH}/endpoints"
        content, path = super().load_data_with_path(name)
        for operation in _YOUNGER_OPERATIONS.get(name, ()):
            content["operations"].setdefault(operation, _bare(operation))
        return content, path


def lean_loader() -> Any:
    """A loader that finds what the clients of our few services need."""
    return _LeanLoader()


def _bare(operation: str) -> dict[str, object]:
    return {"name": operation, "http": {"method": "POST", "requestUri": "/"}}
