"""Starts the programs of others, waits for them within bounds, and stops them by their process ids."""

import http.client
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Self

NO_HEADERS: Mapping[str, str] = MappingProxyType({})
POLITE_SECONDS = 20.0
"""How long a program may take to stop once it has been asked to."""


class Trouble(Exception):
    """What keeps the run from being made, in one sentence; no verdict about our command."""


class Daemon:
    """A program that runs until the block ends; what it prints goes to `log`."""

    def __init__(self, command: Sequence[str], log: Path, env: Mapping[str, str] | None = None) -> None:
        self._command = tuple(command)
        self._log = log
        self._env = env
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        with self._log.open("ab") as log:
            # A session of its own: Ctrl-C reaches us alone, and we stop it in order.
            self._process = subprocess.Popen(  # noqa: S603 - the commands are this package's own
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self._env,
                start_new_session=True,
            )
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def stop(self) -> None:
        process = self._process
        if process is None or process.poll() is not None:
            return
        process.terminate()
        try:
            process.wait(POLITE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(POLITE_SECONDS)

    def wait_for(self, ready: Callable[[], bool], seconds: float) -> None:
        """Until `ready`; `Trouble` with the program's last line when it ends or takes longer than `seconds`."""
        if not await_(lambda: ready() or self._ended(), seconds) or self._ended():
            raise Trouble(f"`{self._log.stem}` did not start: {self._last_line()}")

    def _ended(self) -> bool:
        return self._process is None or self._process.poll() is not None

    def _last_line(self) -> str:
        lines = self._log.read_text(errors="replace").strip().splitlines()
        return lines[-1] if lines else "it printed nothing."


def run(command: Sequence[str], seconds: float, env: Mapping[str, str] | None = None, given: bytes = b"") -> str:
    """What a short command prints on stdout; `Trouble` when it fails."""
    ended = attempt(command, seconds, env, given)
    if ended.returncode:
        raise Trouble(f"`{' '.join(command)}` failed: {ended.stderr.strip() or ended.stdout.strip()}")
    return ended.stdout.strip()


def attempt(
    command: Sequence[str], seconds: float, env: Mapping[str, str] | None = None, given: bytes = b""
) -> subprocess.CompletedProcess[str]:
    """A short command's end, however it ends; `Trouble` when it is not there or does not end."""
    try:
        ended = subprocess.run(  # noqa: S603 - the commands are this package's own
            command, capture_output=True, timeout=seconds, env=env, input=given, check=False
        )
    except FileNotFoundError:
        raise Trouble(f"`{command[0]}` is not installed.") from None
    except subprocess.TimeoutExpired:
        raise Trouble(f"`{' '.join(command)}` did not end within {seconds:.0f} seconds.") from None
    out, err = (text.decode(errors="replace") for text in (ended.stdout, ended.stderr))
    return subprocess.CompletedProcess(ended.args, ended.returncode, out, err)


def await_(holds: Callable[[], bool], seconds: float, every: float = 0.1) -> bool:
    """Whether it came to hold within `seconds`."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(every)
    return True


def ask(
    port: int, path: str, body: str | None = None, headers: Mapping[str, str] = NO_HEADERS, seconds: float = 30.0
) -> tuple[int, str]:
    """One HTTP exchange with a program on loopback: status and body; status 0 where it cannot be had.

    With a `body`, also an empty one, it is a POST.
    """
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=seconds)
    try:
        connection.request("GET" if body is None else "POST", path, body=body, headers=dict(headers))
        reply = connection.getresponse()
        return reply.status, reply.read().decode(errors="replace")
    except (OSError, http.client.HTTPException) as error:
        return 0, f"{type(error).__name__}: {error}"
    finally:
        connection.close()
