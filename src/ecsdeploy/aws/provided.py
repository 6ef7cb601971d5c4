"""Faults of what this machine gives the SDK (Region, certificates, token files, commands), each in one sentence.

The SDK reads token files and runs commands in the middle of a call, and lets whatever they raise escape.
https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html
"""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from botocore.exceptions import BotoCoreError, ClientError, CredentialRetrievalError

from ecsdeploy.errors import CredentialsError, EcsDeployError
from ecsdeploy.model.nearest import near

_TOKEN_FILE = "AWS_WEB_IDENTITY_TOKEN_FILE"  # noqa: S105 - the name of a variable
_CONTAINER = "AWS_CONTAINER_CREDENTIALS_FULL_URI"
_BUNDLES = ("AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE")
_PEM = b"-----BEGIN "
_DIRECTION = r"(?:north|south|east|west|central|northeast|northwest|southeast|southwest)"
_FORM = re.compile(rf"(?:us|eu|ap|sa|ca|me|af|il|mx|cn|us-gov|us-iso[a-z]?|eu-isoe|eusc-de)-{_DIRECTION}-\d")
"""What a Region that is newer than the SDK may be called."""


class Guarded:
    """The SDK's credentials; their renewal raises a `CredentialsError` for faults of this machine."""

    def __init__(self, credentials: Any, session: Any) -> None:
        self._credentials = credentials
        self._session = session

    def get_frozen_credentials(self) -> Any:
        with told(self._session):
            return self._credentials.get_frozen_credentials()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._credentials, name)


class GuardedChain:
    """A credential chain, likewise."""

    def __init__(self, chain: Any, session: Any) -> None:
        self._chain = chain
        self._session = session

    def load_credentials(self) -> Any:
        with told(self._session):
            found = self._chain.load_credentials()
        return Guarded(found, self._session) if found else None


@contextmanager
def told(session: Any) -> Iterator[None]:
    """Raise a `CredentialsError` for what the SDK has no exception for, and for a credential command that fails."""
    try:
        yield
    except CredentialRetrievalError as error:
        if error.kwargs.get("provider") != "custom-process":
            raise
        raise _of_command(session, error) from error
    except (EcsDeployError, BotoCoreError, ClientError):
        raise
    except Exception as error:
        raise _sentence(session, error) from error


def check_region(name: str, partitions: list[Mapping[str, Any]]) -> None:
    """Raise a `CredentialsError` for a name that no Region has and that no new one could have."""
    known = [each for partition in partitions for each in partition["regions"]]
    if name in known or _FORM.fullmatch(name):
        return
    meant = near(name.lower().replace("_", "-"), known)
    raise CredentialsError(
        f"`{name}` is no AWS Region.",
        hint=f"Did you mean `{meant[0]}`?" if meant else "Correct `--region`, `AWS_DEFAULT_REGION` or `AWS_REGION`.",
    )


def check_bundle(session: Any) -> None:
    """Raise a `CredentialsError` where the file of certificates to trust cannot be read, or holds none in PEM form.

    https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-envvars.html
    """
    path = session.get_config_variable("ca_bundle") or os.environ.get("REQUESTS_CA_BUNDLE")
    if not path:
        return
    where = next((f"`{name}`" for name in _BUNDLES if os.environ.get(name) == path), "`ca_bundle` of the profile")
    try:
        with Path(path).open("rb") as file:
            why = "" if _PEM in file.read() else "it has no certificate in PEM form"
    except OSError as error:
        why = _words(error)
    if why:
        raise CredentialsError(
            f"The CA certificates that {where} names cannot be used: `{path}`: {why}.",
            hint=f"Correct or unset {where}.",
        )


def _sentence(session: Any, error: Exception) -> CredentialsError:
    profile = session.get_scoped_config()
    path = getattr(error, "filename", None)
    token = os.environ.get(_TOKEN_FILE) or profile.get("web_identity_token_file")
    if path and path == token:
        where = (
            f"`{_TOKEN_FILE}`" if os.environ.get(_TOKEN_FILE) else f"`web_identity_token_file` of {_profile(session)}"
        )
        return CredentialsError(
            f"The web identity token file `{path}` that {where} names cannot be read: {_words(error)}.",
            hint="Correct the path, or have the runner write the token there.",
        )
    if profile.get("credential_process"):
        return _of_command(session, error)
    full = os.environ.get(_CONTAINER, "")
    if isinstance(error, ValueError) and full:
        return CredentialsError(
            f"The endpoint that `{_CONTAINER}` names is not allowed or not usable: `{urlsplit(full).hostname or ''}`.",
            hint="The SDK takes a loopback address, those of ECS and EKS, and HTTPS.",
        )
    return CredentialsError(
        f"The AWS credentials could not be obtained: {_words(error)}.",
        hint="Check `~/.aws/config` and the `AWS_*` variables.",
    )


def _of_command(session: Any, error: Exception) -> CredentialsError:
    """Name the command and its reason for failing; its arguments and its output may hold secrets."""
    command = str(session.get_scoped_config().get("credential_process", ""))
    named = f"The command `{_first(command)}` (`credential_process` of {_profile(session)})"
    if isinstance(error, OSError):
        what = f"cannot be run: {_words(error)}"
    elif isinstance(error, CredentialRetrievalError):
        said = str(error.kwargs.get("error_msg", "")).strip().split("\n")[0].rstrip(".")
        what = f"gave no credentials: {said or 'it failed and said nothing'}"
    else:
        what = "does not print the JSON that the SDK expects"
    return CredentialsError(f"{named} {what}.", hint="Run it by itself, and mend the command or the profile.")


def _first(command: str) -> str:
    try:
        return next(iter(shlex.split(command)), "")
    except ValueError:
        return command.split(" ", maxsplit=1)[0]


def _profile(session: Any) -> str:
    return f"profile `{session.profile or 'default'}`"


def _words(error: Exception) -> str:
    """The system's reason, or the name of the error; never the error's own text, which may quote a file."""
    return error.strerror or type(error).__name__ if isinstance(error, OSError) else f"`{type(error).__name__}`"
