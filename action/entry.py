"""One step of a workflow: its inputs are read, its command lines carried out, and its outputs written."""

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir

from action import official, ours, script
from action.order import REGISTERED, Inputs, Order
from action.outputs import Event, outputs_of, result_in
from action.vocabularies import Vocabulary, unknown_in, vocabulary_of
from ecsdeploy.cli.click.command import as_click
from ecsdeploy.cli.commands import deploy
from ecsdeploy.cli.environment import Environment
from ecsdeploy.cli.exits import ExitCode
from ecsdeploy.cli.main import main
from ecsdeploy.cli.session.afterwards import tell_error
from ecsdeploy.cli.words.given import Given
from ecsdeploy.errors import EcsDeployError, UsageError
from ecsdeploy.model.text import printable

WHOLE = "ACTION_INPUTS"
"""All inputs as a JSON object: GitHub gives a composite action no `INPUT_*`, and tells of unknown inputs only here."""
_PREFIX = "INPUT_"
_LARGEST = 1024 * 1024


def perform(environment: Environment) -> int:
    """The exit code of the step; no exception leaves it."""
    parent = environment.variables.get("RUNNER_TEMP")
    try:
        with TemporaryDirectory(prefix="ecs-deploy-", dir=parent, ignore_cleanup_errors=True) as folder:
            return _performed(environment, Path(folder))
    except OSError as error:
        return _refused(environment, f"No file can be written below `{parent or gettempdir()}`: {error.strerror}.")


def _performed(environment: Environment, folder: Path) -> int:
    try:
        given = inputs_of(environment.variables)
        environment.job.report = given.get("junit", "")
        order = understand(given, environment, folder)
        for command in order.commands[1:]:
            _check(command, environment)
    except EcsDeployError as error:
        return _refused(environment, " ".join(filter(None, (error.message, error.hint))))
    code, events = _carry_out(order, environment)
    _write_outputs(environment, outputs_of(events, code))
    return code


def _refused(environment: Environment, sentence: str) -> int:
    """What the command line does where it cannot be used."""
    environment.tell(sentence)
    tell_error(environment, ExitCode.USAGE, sentence)
    return ExitCode.USAGE


def inputs_of(variables: Mapping[str, str]) -> Inputs:
    """Each input that is not empty, by its name in lower case; one that is given both ways counts as in the object."""
    single = {name.removeprefix(_PREFIX): text for name, text in variables.items() if name.startswith(_PREFIX)}
    whole = _object(variables.get(WHOLE) or "{}")
    named = {name.lower(): str(text).strip() for name, text in {**single, **whole}.items() if text is not None}
    return {name: text for name, text in named.items() if text}


def _object(text: str) -> Mapping[str, object]:
    try:
        whole = json.loads(text)
    except ValueError:
        whole = None
    if not isinstance(whole, dict):
        raise UsageError(f"The variable `{WHOLE}` holds no JSON object.", hint="It is `${{ toJSON(inputs) }}`.")
    return whole


def understand(given: Inputs, environment: Environment, folder: Path) -> Order:
    """What the inputs ask for, its files in `folder`; nobody has been contacted. `UsageError` where they are wrong."""
    vocabulary = vocabulary_of(given)
    for sentence in unknown_in(given):
        _annotate(environment, "warning", sentence)
    order = _translated(vocabulary, given, environment, folder)
    for level, sentences in (("warning", order.warnings), ("notice", order.notices)):
        for sentence in sentences:
            _annotate(environment, level, sentence)
    for name, text in order.files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return order


def _translated(vocabulary: Vocabulary, given: Inputs, environment: Environment, folder: Path) -> Order:
    match vocabulary:
        case Vocabulary.OURS:
            return ours.translate(given)
        case Vocabulary.SCRIPT:
            return script.translate(given)
        case Vocabulary.OFFICIAL:
            return official.translate(given, *_sources(given, environment, folder))


def _sources(given: Inputs, environment: Environment, folder: Path) -> tuple[str, Path, str]:
    """The text of the task definition, the folder, the text of the AppSpec; paths count from the workspace."""
    workspace = Path(environment.variables.get("GITHUB_WORKSPACE") or environment.cwd)
    name = given.get("task-definition")
    definition = _text(workspace, name, "task definition file") if name else ""
    return definition, folder, _appspec(given, workspace) if "service" in given else ""


def _appspec(given: Inputs, workspace: Path) -> str:
    """Where none is named, the one that AWS's Action would take, unless that is for something else than ECS."""
    name = official.appspec_name(given)
    if "codedeploy-appspec" in given:
        return _text(workspace, name, "AppSpec")
    text = _text(workspace, name, "AppSpec") if (workspace / name).is_file() else ""
    return text if "taskdefinition" in text.lower() else ""


def _text(workspace: Path, name: str, what: str) -> str:
    try:
        with (workspace / name).open("rb") as file:
            found = file.read(_LARGEST + 1)
        if len(found) > _LARGEST:
            raise UsageError(f"The {what} `{name}` is larger than 1 MiB, and AWS takes less.")
        return found.decode("utf-8-sig")
    except OSError as error:
        raise UsageError(f"The {what} `{name}` cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise UsageError(f"The {what} `{name}` is not UTF-8 text.") from None
    except ValueError:
        raise UsageError(f"The {what} `{printable(name)}` has a name that no file has.") from None


def _check(command: Sequence[str], environment: Environment) -> None:
    """What is wrong with a later `deploy` is told before an earlier command line has changed anything."""

    def check(given: Given, around: Environment) -> int:
        deploy.understand(given, around)
        if given.has("dry_run"):
            raise UsageError(f"{given.origin('dry_run')} and `run-task` do not go together: a task would be run.")
        return ExitCode.SUCCEEDED

    checked = as_click("deploy", replace(deploy.COMMAND, perform=check))
    checked.main([*command[1:]], standalone_mode=False, obj=environment)()


def _carry_out(order: Order, environment: Environment) -> tuple[int, tuple[Event, ...]]:
    """The exit code of the last command line that was carried out, and all events."""
    code, events, registered = 0, list[Event](), ""
    for command in order.commands:
        record = io.StringIO()
        words = [f"--revision={registered}" if word == REGISTERED else word for word in command]
        code = main(words, replace(environment, record=record))
        said = [json.loads(line) for line in record.getvalue().splitlines()]
        events += said
        if code:
            break
        registered = str(result_in(said).get("to_revision", ""))
    return int(code), tuple(events)


def _write_outputs(environment: Environment, outputs: Mapping[str, str]) -> None:
    path = environment.variables.get("GITHUB_OUTPUT")
    if not path:
        return
    lines = "".join(f"{name}={' '.join(text.splitlines())}\n" for name, text in outputs.items() if text)
    try:
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(lines)
    except OSError as error:
        _annotate(environment, "warning", f"The outputs cannot be written to `{path}`: {error.strerror}.")


def _annotate(environment: Environment, level: str, sentence: str) -> None:
    """https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands"""
    text = environment.secrets.mend(sentence).replace("%", "%25")
    environment.stdout.write(f"::{level} title=ecs-deploy::{text}\n")
    environment.stdout.flush()
