"""What can go wrong: AWS's API refuses, a scenario is wrong, the simulator cannot do what is asked."""

from __future__ import annotations


class SimError(OSError):
    """The simulator cannot do what somebody asked. The message is one sentence."""


class ScenarioError(ValueError):
    """A scenario does not exist or makes no sense. The message has the file, the line and the key."""


class ApiError(Exception):
    """An error reply of AWS: `code` (the name of the shape), `message`, the HTTP `status`, and other members."""

    def __init__(self, code: str, message: str, status: int = 400, **members: object) -> None:
        super().__init__(message)
        self.members = members
        self.code = code
        self.message = message
        self.status = status


def invalid(message: str) -> ApiError:
    """InvalidParameterException, which ECS raises for most parameters that it refuses."""
    return ApiError("InvalidParameterException", message)


def refused(message: str) -> ApiError:
    """ClientException, which ECS raises for definitions that it refuses."""
    return ApiError("ClientException", message)


def unsupported(message: str) -> ApiError:
    """UnsupportedFeatureException: the simulator does not have this. We say so, because silence would look like
    success.
    """
    return ApiError("UnsupportedFeatureException", message)
