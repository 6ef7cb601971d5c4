"""`ecs-deploy explain`: what a code means, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable

from ecsdeploy.cli.commands.command import Command, Operands
from ecsdeploy.cli.environment import Environment
from ecsdeploy.cli.exits import ExitCode
from ecsdeploy.cli.options.around import VERSION
from ecsdeploy.cli.words.given import Given
from ecsdeploy.errors import UsageError
from ecsdeploy.model.nearest import did_you_mean

_LABELS = 10
_HELP = """Say what a code of a run, a plan or the JSON lines means, and what to do about it. Without a code, list them
all. It calls nobody.

\b
For example:
  ecs-deploy explain E-CONTAINER-EXIT
"""


def _explain(given: Given, environment: Environment) -> int:
    from ecsdeploy.render.codes import explanations
    from ecsdeploy.render.rows import laid_out
    from ecsdeploy.render.stream import Style

    known, style = explanations(), Style(width=environment.width)
    asked = given.texts("operands")
    for code in asked:
        if code.upper() not in known:
            hint = did_you_mean(code.upper(), known) or "`ecs-deploy explain` lists the codes."
            raise UsageError(f"`{code}` is not a code of `ecs-deploy`.", hint=hint)
    if asked:
        found = (known[code.upper()].rows() for code in asked)
        environment.show("\n\n".join("\n".join(laid_out(rows, style, _LABELS)) for rows in found))
    else:
        width = max(map(len, known))
        environment.show("\n".join(f"{code:<{width}}  {each.meaning}" for code, each in sorted(known.items())))
    return ExitCode.SUCCEEDED


def _codes() -> Iterable[str]:
    from ecsdeploy.render.codes import explanations

    return explanations()


COMMAND = Command(options=(VERSION,), help=_HELP, perform=_explain, operands=Operands("[CODE]...", _codes))
