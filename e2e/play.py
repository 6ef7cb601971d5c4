"""Plays one case: builds its world, releases under load, and compares what came of it with what must."""

import os
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path

from e2e import emulator, images, policies
from e2e.cases import Case
from e2e.load import Answer, Load, failures, versions
from e2e.process import Trouble, attempt, await_
from e2e.steps import Step
from e2e.world import CLUSTER, DEPLOYED_SECONDS, REGION, ROOT, SERVICE, Account

LEAST_RATE = 50.0
"""Requests a second; fewer prove too little."""
BEFORE_SECONDS, AFTER_SECONDS = 0.5, 0.5
CONTROL_SECONDS = 4.0
"""A control is asked this long after its end: it must show every kind of failure that the emulator goes on to."""
STEP_SECONDS = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What the steps of a case share."""

    account: Account
    env: Mapping[str, str]
    load: Load
    pinned: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """One step that was run: when, in seconds since the load began, and what was wrong with it."""

    began: float
    ended: float
    code: int
    wrong: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """What came of a case; it holds when nothing is `wrong`."""

    case: Case
    steps: tuple[Ran, ...]
    answers: tuple[Answer, ...]
    lasted: float
    faults: int
    excused: frozenset[str]
    """The kinds of failed requests that the control showed: the emulator's own."""
    wrong: tuple[str, ...] = ()

    @property
    def failed(self) -> int:
        return sum(each.failed for each in self.answers)

    @property
    def unexcused(self) -> tuple[Answer, ...]:
        return tuple(each for each in self.answers if each.failed and each.failure not in self.excused)

    @property
    def rate(self) -> float:
        return len(self.answers) / self.lasted

    @property
    def only_lost(self) -> bool:
        """Whether nothing is wrong but requests that failed: on a busy machine the emulator fails some, seldom."""
        return bool(self.unexcused) and len(self.wrong) == 1


def play(case: Case, pinned: str, before: Sequence[Played]) -> Played:
    """Play `case` against the emulator that runs; `pinned` is what `images.PINNED` stands for.

    `before` are the cases that were played already, the controls among them.
    """
    account = Account()
    account.build(case.world)
    env = _environment(case, account)
    emulator.inject(case.faults)
    with Load() as load:
        time.sleep(BEFORE_SECONDS)
        stage = Stage(account=account, env=env, load=load, pinned=pinned)
        steps = tuple(_run(step, stage) for step in case.steps)
        faults = emulator.injected()
        emulator.inject(())
        await_(account.is_settled, DEPLOYED_SECONDS)
        time.sleep(CONTROL_SECONDS if case.is_control else AFTER_SECONDS)
    answers = load.answers
    excused = _excused(case, answers, before)
    played = Played(case=case, steps=steps, answers=answers, lasted=load.lasted, faults=faults, excused=excused)
    wrong = (*_wrong_with(played), *_wrong_images(case, account, pinned))
    emulator.reset()
    return replace(played, wrong=wrong)


def _excused(case: Case, answers: Sequence[Answer], before: Sequence[Played]) -> frozenset[str]:
    """The kinds of failures of the case's control, which may be the case itself."""
    controls = (each.answers for each in before if each.case.name == case.control)
    return frozenset(failures(answers if case.is_control else next(controls, ())))


def _environment(case: Case, account: Account) -> Mapping[str, str]:
    """The environment of the client: nothing of the user's own AWS configuration is read."""
    key, secret = ROOT if case.denied is None else account.user(policies.published(case.denied))
    port = emulator.PROXY_PORT if case.faults else emulator.GATEWAY_PORT
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.environ.get("PYTHONPATH", ""),
        "AWS_ACCESS_KEY_ID": key,
        "AWS_SECRET_ACCESS_KEY": secret,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }


def _run(step: Step, stage: Stage) -> Ran:
    load, pinned = stage.load, stage.pinned
    ours = step.program == "ecs-deploy"
    program = str(Path(sys.executable).with_name(step.program)) if ours else emulator.program(step.program)
    command = (program, *(word.replace(images.PINNED, pinned) for word in step.command))
    began = load.now()
    ended = attempt(command, STEP_SECONDS, stage.env)
    if not ours:
        _await_update(stage.account)
    said = [line for line in ended.stdout.splitlines() if not any(fnmatchcase(line, each) for each in step.maybe)]
    expected = [line.replace(images.PINNED, pinned) for line in step.said]
    wrong = list(_wrong_lines(said, expected))
    if ended.returncode != step.code:
        wrong.append(f"exit code {ended.returncode}, not {step.code}")
    # Long lines are folded on stderr.
    told = " ".join(ended.stderr.split())
    wrong += [f"stderr lacks `{each}`" for each in step.told if each not in told]
    if wrong:
        wrong.append(f"stderr was: {ended.stderr.strip()}")
    return Ran(began=began, ended=load.now(), code=ended.returncode, wrong=tuple(wrong))


def _await_update(account: Account) -> None:
    """The control's command does not wait; the next one must not disturb it."""
    if not await_(account.is_settled, DEPLOYED_SECONDS):
        raise Trouble(f"The control's update of `{CLUSTER}/{SERVICE}` did not end.")


def _wrong_lines(said: list[str], expected: list[str]) -> Iterator[str]:
    same = len(said) == len(expected) and all(map(fnmatchcase, said, expected))
    if not same:
        yield "stdout was:\n" + "\n".join(said) + "\nnot:\n" + "\n".join(expected)


def _wrong_with(played: Played) -> Iterator[str]:
    """What does not hold of the steps and of the users' requests."""
    case, answering = played.case, tuple(versions(played.answers))
    for number, step in enumerate(played.steps, start=1):
        yield from (f"step {number}: {each}" for each in step.wrong)
    if played.rate < LEAST_RATE:
        yield f"only {played.rate:.1f} requests a second"
    if answering != case.answering:
        yield f"the versions that answered were {answering}, not {case.answering}"
    if last := [each.said for each in played.answers if not each.failed][-1:]:
        yield from (f"`{each}` answers at the end" for each in last if each != case.answering[-1])
    if ours := played.unexcused:
        first = f"the first at {ours[0].at:.2f} s: {ours[0].status} {ours[0].said}"
        yield f"{len(ours)} requests failed as none did in `{case.control}`, {first}"
    if case.faults and not played.faults:
        yield "no fault was injected"


def _wrong_images(case: Case, account: Account, pinned: str) -> Iterator[str]:
    containers = account.definition(account.service()["taskDefinition"])["containerDefinitions"]
    found = {each["name"]: each["image"] for each in containers}
    expected = {name: image.replace(images.PINNED, pinned) for name, image in case.images.items()}
    if expected and found != expected:
        yield f"the images at the end are {found}, not {expected}"
