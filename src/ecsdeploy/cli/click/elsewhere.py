"""Says what to type here, if a command line is in the words of another program.

It is loaded only after a command line was found wrong.
"""

from __future__ import annotations

from collections.abc import Container, Sequence

from ecsdeploy.cli.click.fabfuel import answer
from ecsdeploy.cli.commands import COMMANDS
from ecsdeploy.errors import UsageError
from ecsdeploy.model.nearest import did_you_mean

_REVISION = "`ecs-deploy -d FAMILY -i IMAGE --base FILE`"
_STATUS = "`ecs-deploy status -c CLUSTER -n SERVICE`"
_LOGS = "Ours is `ecs-deploy logs -c CLUSTER -n SERVICE`, with `-f` to follow."
_EXEC = "Ours is `ecs-deploy exec -c CLUSTER -n SERVICE`, with the command after `--`."
_WORDS = {
    "revisions": "`ecs-deploy history -c CLUSTER -n SERVICE` shows the releases and their revisions.",
    "tasks": f"{_STATUS} shows how many tasks run, and why others stopped.",
    "verify": "ecspresso's `verify` is part of `ecs-deploy plan -c CLUSTER -n SERVICE --base FILE`.",
    "wait": "ecspresso's `wait` is `ecs-deploy watch -c CLUSTER -n SERVICE`.",
    "refresh": "ecspresso's `refresh` is `ecs-deploy deploy -c CLUSTER -n SERVICE --force-new-deployment`.",
    "register": f"ecspresso's `register` is {_REVISION}.",
    "update": f"Ours is {_REVISION}.",
    "diff": "Ours is `ecs-deploy plan -c CLUSTER -n SERVICE --base FILE`.",
    "appspec": "`ecs-deploy plan -c CLUSTER -n SERVICE --base FILE` shows the AppSpec that would be sent.",
}
"""First words of other programs, with what does the same here."""
_COPILOT = frozenset({"svc", "job", "app", "env", "pipeline", "task", "secret", "storage"})
_SVC = {
    "deploy": "Ours is `ecs-deploy deploy -c CLUSTER -n SERVICE --image IMAGE`, once the image is pushed.",
    "status": f"Ours is {_STATUS}.",
    "ls": "Ours is `ecs-deploy status -c CLUSTER`.",
    "logs": _LOGS,
    "exec": _EXEC,
}
_NO_COPILOT = (
    "It is a word of AWS Copilot; ours makes no environments: `create` makes a service, the others work on one."
)
_OPTIONS = (
    ("--config", "--base", "The files of ecspresso are not read: use `-c CLUSTER -n SERVICE --base FILE`."),
    ("--no-wait", "--detach", "Use `--detach`."),
    ("--rollback", "--on-failure", "Use `--on-failure rollback`."),
    ("--tasks", "--desired-count", "Use `--desired-count N`."),
    ("--tasks", "--adjust-limits", "Use `--to N`."),
    ("--command", "--container", "Write the command after `--`."),
    ("--latest-task-definition", "--base", "Use `--base latest`."),
    ("--skip-task-definition", "--force-new-deployment", "Use `--force-new-deployment`."),
)
"""Options of other programs, the option of ours that the command must have for it, and the hint."""


def is_of_fabfuel(name: str, words: Sequence[str]) -> UsageError | None:
    """The error for a whole command line of fabfuel's `ecs`; None if it is not one."""
    text = answer(name, words)
    return UsageError(text) if text else None


def no_command(name: str, words: Sequence[str]) -> UsageError:
    """The error for a command that we do not have. It may be another program's, or a typing error."""
    if name == "ecs" and words:
        name, words = words[0], words[1:]
    said = f"`{name}` is not a command of `ecs-deploy`."
    return is_of_fabfuel(name, words) or UsageError(said, hint=_hint(name, words))


def _hint(name: str, words: Sequence[str]) -> str:
    if name in _COPILOT:
        found = _SVC.get(words[0], "") if name == "svc" and words else ""
        return found or _NO_COPILOT
    return _WORDS.get(name) or did_you_mean(name, COMMANDS) or "`ecs-deploy --help` lists the commands."


def option_hint(name: str, ours: Container[str]) -> str:
    """What to use in place of another program's option; empty if the command has no such option (`ours`)."""
    return next((hint for theirs, needed, hint in _OPTIONS if theirs == name and needed in ours), "")
