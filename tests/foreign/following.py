"""What a second command makes of the service that a release has left, while the endpoint says what it said before."""

from random import Random

from tests.foreign.driving import WEB, Told, run
from tests.foreign.generated import Case
from tests.truth.second_command import wrong

COMMANDS = ("rollback", "rollback", "watch", "status", "plan")


def follow(case: Case, first: Told, seed: int) -> tuple[str, list[str], Told]:
    """Run one more command on the same world, and give its name, all that is not as it must be, and what was said."""
    command = Random(f"then {seed}").choice(COMMANDS)
    more = {"plan": ("-i", "registry.example.net/team/sample:green"), "status": ()}.get(command, ("-t", "120"))
    quick = () if command in ("watch", "status") else ("--no-preflight",)
    world = first.world
    known, world.calls = len(world.course.history), []
    told = run(world, command, *WEB, *more, *quick, "--output", "json")
    return command, wrong(command, case, told, known), told
