"""Joins a session of ECS Exec by AWS's `session-manager-plugin`, as the AWS CLI does.

What it is given: https://github.com/aws/session-manager-plugin, `ValidateInputAndStartSession`.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ecsdeploy.errors import UsageError
from ecsdeploy.model.values import value

if TYPE_CHECKING:
    from ecsdeploy.model.execution import ExecSession

PROGRAM = "session-manager-plugin"
INSTALL = (
    "https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-working-with-install-plugin.html"
)
_RESPONSE = "AWS_SSM_START_SESSION_RESPONSE"
_OLD = (1, 2, 497, 0)
"""The last version that does not read the session from a variable."""
_PATIENCE_SECONDS = 10
_PROFILES = ("AWS_PROFILE", "AWS_DEFAULT_PROFILE")
_OF_THE_SESSION = ("SIGINT", "SIGQUIT", "SIGTSTP")
"""What the keys of a terminal send: Ctrl-C, Ctrl-\\\\ and Ctrl-Z. The plugin sends them on to the container."""


@value(frozen=True, slots=True, kw_only=True)
class SessionPlugin:
    """The plugin at `path`, to be run with these variables."""

    path: str
    variables: Mapping[str, str]

    def join(self, session: ExecSession, profile: str, *, on_terminal: bool) -> int:
        """Run the plugin until the session ends; returns its exit code.

        On a terminal, the keys belong to the session. Without one, the plugin gets a terminal that nobody types at, as
        it ends at once without any, and a signal ends it with us.
        """
        words = [
            self.path,
            _RESPONSE,
            session.region,
            "StartSession",
            "" if session.credentials else profile,
            json.dumps(dict(session.asked)),
            session.endpoint,
        ]
        given = _environment(self.variables, session)
        with _keys_left_alone() if on_terminal else contextlib.nullcontext(), _stdin(on_terminal) as stdin:
            return _ended(subprocess.Popen(words, env=given, stdin=stdin))  # noqa: S603 - found by its name, no shell


def find_plugin(variables: Mapping[str, str]) -> SessionPlugin:
    """The plugin on the PATH. A `UsageError` if there is none, or if it needs the token on its command line.

    Every process of the machine can read a command line.
    """
    path = shutil.which(PROGRAM, path=variables.get("PATH", ""))
    if path is None:
        raise UsageError(f"The program `{PROGRAM}` is missing: AWS joins sessions with it.", hint=_advice("Install"))
    version = _version(path, variables)
    if not _is_new_enough(version):
        raise UsageError(
            f"`{path}` is of version {version or 'unknown'}, and would need the secret token on its command line.",
            hint=_advice(f"Every process can read that. Install one newer than {'.'.join(map(str, _OLD))} of"),
        )
    return SessionPlugin(path=path, variables=variables)


def _advice(todo: str) -> str:
    return f"{todo} AWS's Session Manager plugin: {INSTALL} Nothing was asked of ECS."


def _version(path: str, variables: Mapping[str, str]) -> str:
    """What `--version` says, in one word."""
    try:
        done = subprocess.run(  # noqa: S603 - found by its name, no shell
            [path, "--version"],
            env=dict(variables),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_PATIENCE_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        why = getattr(error, "strerror", None) or f"no answer within {_PATIENCE_SECONDS} s"
        raise UsageError(f"`{path} --version` could not be run: {why}.", hint=_advice("Install")) from None
    said = re.search(r"\d+(\.\d+){0,3}", done.stdout.decode(errors="replace"), re.ASCII)
    return said[0] if said else ""


def _is_new_enough(version: str) -> bool:
    return bool(version) and tuple(map(int, version.split("."))) > _OLD


def _environment(variables: Mapping[str, str], session: ExecSession) -> dict[str, str]:
    """The variables of the plugin: with the session, and the credentials of a role that we have assumed."""
    assumed = {name: each.value for name, each in session.credentials}
    kept = {name: text for name, text in variables.items() if not (assumed and name in _PROFILES)}
    response = {"SessionId": session.id, "TokenValue": session.token.value, "StreamUrl": session.stream_url}
    return {**kept, **assumed, _RESPONSE: json.dumps(response)}


@contextlib.contextmanager
def _keys_left_alone() -> Iterator[None]:
    """Do nothing at the signals of keys. A handler of ours is not handed down, unlike one that is set to ignore."""
    numbers = [getattr(signal, name) for name in _OF_THE_SESSION if hasattr(signal, name)]
    before = {number: signal.signal(number, lambda *_: None) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextlib.contextmanager
def _stdin(on_terminal: bool) -> Iterator[int | None]:
    """What the plugin reads: our own stdin, or a terminal without keys."""
    if on_terminal or os.name != "posix":
        yield None
        return
    keys, terminal = os.openpty()
    try:
        yield terminal
    finally:
        os.close(terminal)
        os.close(keys)


def _ended(process: subprocess.Popen[Any]) -> int:
    """Wait for its end. A signal that is for us ends it too. Returns 128 and more if a signal ended it."""
    try:
        code = process.wait()
    except BaseException:
        process.terminate()
        process.wait()
        raise
    return code if code >= 0 else 128 - code
