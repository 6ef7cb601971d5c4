"""The process of the step."""

import sys

from action.entry import perform
from ecsdeploy.cli.environment import Environment
from ecsdeploy.cli.main import deafen


def _step() -> int:
    environment = Environment.of_process()
    environment.signals.listen()
    try:
        return perform(environment)
    except KeyboardInterrupt:
        # Between two command lines: each of them says itself what a signal has done.
        return 130


if __name__ == "__main__":
    code = _step()
    deafen()
    sys.exit(code)
