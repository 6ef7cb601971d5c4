"""`python -m ecsdeploy`: the same as the command `ecs-deploy`."""

from __future__ import annotations

from ecsdeploy.cli.main import entry

if __name__ == "__main__":
    entry()
