"""Takes the flag form from its words to its exit code."""

from __future__ import annotations

from collections.abc import Sequence

from ecsdeploy.cli.environment import Environment
from ecsdeploy.cli.exits import ScriptError, ScriptExit
from ecsdeploy.cli.script.flags import read_flags
from ecsdeploy.cli.session.job import typed_value


def invoke_flags(words: Sequence[str], environment: Environment) -> int:
    """Carry out the flag form and return the exit code. Help and version come first, and load nothing else."""
    if not words:
        raise ScriptError(ScriptExit.USAGE, said=_help(environment))
    environment.job.report = typed_value(words, "--junit")
    given = read_flags(words)
    environment.job.report = given.text("junit")
    if given.has("help"):
        environment.show(_help(environment))
        return ScriptExit.SUCCEEDED
    if given.has("version"):
        from ecsdeploy import __version__

        environment.show(__version__)
        return ScriptExit.SUCCEEDED
    if environment.tape:
        environment.tape.begin("", given)
    from ecsdeploy.cli.script.requests import understand

    asked = understand(given, environment)
    from ecsdeploy.cli.session.run import run

    return run(asked, environment)


def _help(environment: Environment) -> str:
    from ecsdeploy.cli.script.help import HELP_WIDTH, flag_help

    return flag_help(environment.width if environment.stdout_is_terminal else HELP_WIDTH)
