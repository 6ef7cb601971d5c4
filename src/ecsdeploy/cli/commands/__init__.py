"""The commands, each the module of its name. Imported by `cli`, the GitHub Action, tools and tests.

Their names and summaries stand here, so that the help of the whole program imports none of them.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ecsdeploy.cli.commands.command import Command

COMMANDS = {
    "deploy": "Release to a service: register, update, watch, verdict.",
    "plan": "Show what a deploy would change, with its checks; write nothing.",
    "apply": "Release the services of a manifest, in waves, with one verdict.",
    "lock": "Write down what the services of a manifest run now, to come back to it.",
    "rehearse": "Play a deploy of a live service in the simulator, also with faults; write nothing.",
    "status": "Show the state of a service, and why, or of all services of a cluster.",
    "history": "List the releases of a service: when, which image, by whom, how it ended.",
    "logs": "Show what the containers of a service wrote, and follow it.",
    "doctor": "Say what is wrong with a service, or would be, and what to do.",
    "exec": "Open a shell in a container that runs, or run a command there.",
    "run": "Run one-off tasks as a service's own, with their logs, to their exit codes.",
    "watch": "Follow a deployment that is under way; same verdict, same exit code.",
    "rollback": "Go back to the last good release, and verify it.",
    "stop": "Stop the deployment that is under way, and follow ECS while it rolls back.",
    "continue": "Continue a deployment that pauses, or roll it back.",
    "create": "Create a service from two files, and follow it like a deploy.",
    "scale": "Change how many tasks a service runs, and wait until it is so.",
    "schedules": "List the rules and schedules that run a family, and move them to the service's revision.",
    "prune": "Deregister old revisions that nobody needs.",
    "report": "Make a page for browsers of a run's JSON lines.",
    "replay": "Run a recorded command again, offline, to the same verdict.",
    "demo": "Run a deployment against a simulated AWS, in this process.",
    "sim": "Serve a simulated ECS on this machine.",
    "mcp": "Offer what looks at services, and if asked what changes them, to an agent.",
    "explain": "Say what a code means (E-..., C-..., W-...), and what to do.",
    "init": "Write settings and a CI job for a live service into files.",
    "config": "Show the settings, each with where it came from: `config show`.",
    "iam": "Print the least IAM policy that commands need.",
    "schema": "Print the JSON Schema of what a command prints.",
    "completion": "Print the script that completes command lines in bash, zsh or fish.",
}
"""The registry, from which we make the help, the settings, the pages, the man pages and completion."""


def load(name: str) -> Command:
    """The command of this name, which must be one of `COMMANDS`."""
    command: Command = import_module(f"ecsdeploy.cli.commands.{name}").COMMAND
    return command
