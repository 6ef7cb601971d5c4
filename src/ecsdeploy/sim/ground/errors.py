"""What can go wrong: an AWS error of the API, a wrong scenario, a simulator that cannot start."""

from __future__ import annotations


class SimError(OSError):
    """The simulator cannot do what was asked of it; the message is one sentence."""


class ScenarioError(ValueError):
    """A scenario that does not exist or does not make sense; the message names file, line and key."""


class ApiError(Exception):
    """An error as AWS answers it: `code` (the shape's name), `message`, the HTTP `status`, and further members."""

    def __init__(self, code: str, message: str, status: int = 400, **members: object) -> None:
        super().__init__(message)
        self.members = members
        self.code = code
        self.message = message
        self.status = status


def invalid(message: str) -> ApiError:
    return ApiError("InvalidParameterException", message)


def refused(message: str) -> ApiError:
    return ApiError("ClientException", message)


def unsupported(message: str) -> ApiError:
    """Out of the model's scope: said so, never pretended."""
    return ApiError("UnsupportedFeatureException", message)
