"""The signals that end a run, each as an exception that says which one came."""

import signal
from types import FrameType


class Terminated(KeyboardInterrupt):
    """SIGTERM arrived: an interrupt that nobody can be asked about."""


class Underway(KeyboardInterrupt):
    """An interrupt after the work had begun: something may have been changed."""


class Signals:
    """Remembers whether it was SIGTERM that interrupted this process."""

    def __init__(self) -> None:
        self.terminated = False

    def listen(self) -> None:
        """Treat SIGTERM like Ctrl-C from now on."""
        signal.signal(signal.SIGTERM, self._terminate)

    def _terminate(self, _number: int, _frame: FrameType | None) -> None:
        self.terminated = True
        raise Terminated
