"""`ecs-deploy replay`: a recorded run once more, offline."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from ecsdeploy.cli.commands.command import Command, Operands
from ecsdeploy.cli.options.around import VERSION
from ecsdeploy.cli.options.option import Option
from ecsdeploy.errors import UsageError

if TYPE_CHECKING:
    from ecsdeploy.cli.environment import Environment
    from ecsdeploy.cli.words.given import Given

_OPTIONS = (
    Option(
        key="check",
        is_setting=False,
        names=("--check",),
        help="Show only whether each record, also of a folder, says the same again, byte for byte.",
    ),
    VERSION,
)
_HELP = """Run the command of a record again over what AWS said then: offline, without waiting, to the same verdict.
The exit code is that of the run. `--record FILE` of the other commands writes such a record, without secrets.

\b
For example:
  ecs-deploy replay release.jsonl
  ecs-deploy replay --check records/
"""


def _replay(given: Given, environment: Environment) -> int:
    names = given.texts("operands")
    if not names:
        raise UsageError("No record is named.", hint="`ecs-deploy replay FILE`; `--record FILE` writes one.")
    if given.has("check"):
        return _check(names, environment)
    if len(names) > 1:
        raise UsageError("Only one record can be played at a time.", hint="`--check` takes several.")
    return _play(names[0], environment)


def _play(name: str, environment: Environment) -> int:
    import shlex

    from ecsdeploy.cli.record.replaying import play, read_record

    record = read_record(name, environment.cwd)
    environment.tell("A replay, nothing is sent to AWS.")
    environment.tell(f"$ {shlex.join((environment.argv0, *record.words))}")
    played = play(record, environment, environment.stdout, environment.stderr)
    if played.differs:
        environment.tell(f"The replay went another way than the record: {played.differs}.")
    return played.code


def _check(names: Iterable[str], environment: Environment) -> int:
    from ecsdeploy.cli.exits import ExitCode
    from ecsdeploy.cli.record.replaying import held, read_record

    broken = 0
    for name in _files(names, environment):
        differs = held(read_record(name, environment.cwd), environment)
        environment.show(environment.secrets.mend(f"broken  {name}: {differs}" if differs else f"held    {name}"))
        broken += bool(differs)
    return ExitCode.UNEXPECTED if broken else ExitCode.SUCCEEDED


def _files(names: Iterable[str], environment: Environment) -> Iterator[str]:
    for name in names:
        folder = environment.cwd / name
        if not folder.is_dir():
            yield name
            continue
        files = sorted(folder.glob("*.jsonl"))
        if not files:
            raise UsageError(f"The folder `{name}` holds no record.", hint="A record is a `.jsonl` file.")
        yield from map(str, files)


COMMAND = Command(options=_OPTIONS, help=_HELP, perform=_replay, operands=Operands("FILE...", tuple, files=True))
