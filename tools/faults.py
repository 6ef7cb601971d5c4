"""The faults that a deployment must survive, and what the tool does about each; the tests are found by their names."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from tools.findings import FINDINGS

ROOT = Path(__file__).parents[1]
# D10 and above are differences from the bash script.
TEST = re.compile(r"^ *(?:async )?def (test_((?:(?:[fsnpmwtx]\d|d0)\d_)+)\w*)", re.MULTILINE)

Row = tuple[str, str, str]
"""Id, the fault, what the tool does."""

FAULTS: Mapping[str, tuple[Row, ...]] = {
    "The API and the network": (
        ("F01", "A read is throttled, once or for long", "looks less often, up to 30 s apart, and recovers"),
        ("F02", "RegisterTaskDefinition is throttled", "sends it again: it was not applied"),
        (
            "F03",
            "Too many concurrent registrations of the family",
            "the same, and says that another pipeline registers it too",
        ),
        (
            "F04",
            "RegisterTaskDefinition was applied, its reply is lost",
            "looks for the content among the newer revisions before it registers again",
        ),
        (
            "F05",
            "UpdateService is throttled, or fails at AWS",
            "reads back what became of it; a forced deployment is never sent twice",
        ),
        ("F06", "UpdateService was applied, its reply is lost", "adopts the deployment of our revision that is new"),
        ("F07", "No DNS, TLS, proxy or route at the start", "gives up within ten seconds; names endpoint and proxy"),
        ("F08", "The network is away in mid-wait", "waits, says so after 30 s, and tells what it missed, once"),
        ("F09", "The network is away past the timeout", "`unknown`, exit 24; nothing is rolled back blindly"),
        ("F10", "A read fails with HTTP 500 or 503", "as F01"),
        ("F11", "The local clock is wrong", "durations are of the monotonic clock, what is old is told by event ids"),
        (
            "F12",
            "A reply has an unknown status, or a wrong shape",
            "unknown means in progress; a wrong shape is no reply",
        ),
        ("F13", "Reads lag behind the write", "success is only ever about the deployment id of UpdateService's reply"),
        ("F14", "A listed task is missing from its description", "does without it for that look"),
        ("F15", "The service does not exist, or is deleted in mid-wait", "refuses with near misses; later, `failed`"),
    ),
    "Credentials and permissions": (
        ("F16", "They have expired before the start", "refuses with the command that logs in; nothing was changed"),
        ("F17", "They expire in mid-wait and can be renewed", "renews them in silence"),
        ("F18", "They expire in mid-wait for good", "warns at the start; then `unknown`, exit 24"),
        ("F19", "A role asks for an MFA code without a terminal, or may not last as long as asked", "refuses"),
        ("F20", "A write is denied", "stops; names the action, the resource and the statement that allows it"),
        ("F21", "A read that is not essential is denied", "one warning; the verdict is the same"),
        ("F22", "It is another account than was meant", "`--expect-account` refuses"),
    ),
    "Dying processes and signals": (
        ("F23", "Killed between registration and update", "`--skip-unchanged` uses the revision left behind"),
        (
            "F24",
            "Killed after the update",
            "`watch` follows it; `--skip-unchanged` follows instead of starting another",
        ),
        ("F25", "SIGINT in any phase", "as asked: detaches or goes back, and says where things stand"),
        ("F26", "SIGTERM, with seconds to live", "at most one write, the result, exit 143"),
        ("F27", "A timeout, and no signal", "no rollback unless `--on-failure` asks for it"),
        ("F28", "The reader of its output goes away", "goes on; the exit code is the verdict's"),
        ("F29", "A full disk, a read-only file system, no home", "needs no file of its own"),
        ("F30", "The machine sleeps in mid-wait", "looks again at once; time asleep counts"),
    ),
    "Others at work": (
        ("F31", "Another deployment of the service begins", "`superseded`, exit 23; it is never rolled back"),
        ("F32", "One is under way at the start", "`--if-busy` refuses, waits or supersedes; says whose it is"),
        ("F33", "One begins between our failure and our rollback", "compares before it acts, and leaves it alone"),
        ("F34", "Somebody scales, or forces a deployment", "counts against the new number; the other is F31"),
        ("F35", "Terraform or CloudFormation puts the service back", "`superseded`, as F31"),
        (
            "F36",
            "A run that another one waits for has died",
            "there is no lock: ECS ends its deployment, the wait goes on",
        ),
    ),
    "What ECS does": (
        ("F37", "The circuit breaker trips and rolls back", "`rolled_back`, exit 21, with the first cause"),
        ("F38", "It trips and does not roll back", "`failed`; says what serves, and offers the rollback"),
        ("F39", "Tasks die again and again, without a breaker", "says so at the third, and ends there if asked"),
        ("F40", "A task becomes healthy, and dies", "`--min-stable` watches on after completion"),
        ("F41", "An alarm rings", "`rolled_back`, with the alarm's name"),
        ("F42", "The rollback fails, or hangs", "`rollback_failed`, exit 25, with commands for people"),
        ("F43", "There is nothing to go back to", "says so before the first write"),
        (
            "F44",
            "What to go back to no longer exists",
            "goes to the newest success that does, or registers a copy of it; says so before",
        ),
        (
            "F45",
            "A long bake, or a pause",
            "shows the stage and the commands that answer; bake is not counted as waiting",
        ),
        ("F46", "The service has another deployment controller", "delegates, or refuses with the reason"),
        ("F47", "The desired count is 0", "succeeds with no task, and says that the image was not tried"),
        ("F48", "A daemon service", "sends no desired count; the number is ECS's own"),
        ("F49", "Autoscaling changes the count in mid-way", "each look counts against the number of then"),
        ("F50", "More tasks, services or events than one reply holds", "pages, asks in hundreds and tens"),
        ("F51", "Old tasks are protected, or drain slowly", "`--wait-until healthy` does not wait for them"),
        ("F52", "There is no room for a task", "says so from ECS's own event within a look, and waits"),
        ("F53", "The load balancer's checks fail", "shows reason, path and codes expected, and the last log lines"),
        ("F54", "The image cannot be pulled", "checks ECR before the first write; else names the reason and the fix"),
        ("F55", "A secret or parameter cannot be fetched", "names it and the role; its value is shown nowhere"),
        ("F56", "Out of memory, wrong processor, exit codes", "each has its cause and its words"),
        ("F57", "A container that others wait for fails", "names that one, not the first of the list"),
        ("F58", "An init container exits 0, as it should", "is no failure, and no cause of one"),
        ("F59", "Spot or a drained host takes tasks", "is the host's doing, and no crash loop"),
        ("F60", "Stopped tasks vanish from ECS after an hour", "the causes that were seen are still told at the end"),
    ),
    "Inputs and images": (
        ("F61", "Digests, ports, prefixes, two containers of one image", "edits data, never text"),
        ("F62", "A tag moves between plan and deploy", "deploys it: ECS resolves it anew; a digest stays what it is"),
        ("F63", "The image is the one that runs", "deploys it again, unless `--skip-unchanged`"),
        ("F64", "The definition has members that we do not know", "carries them through; refuses if one is lost"),
        ("F65", "A definition file as described, as registered, or too large", "takes both, without nulls; explains"),
        ("F66", "Secrets in plain environment variables", "no output shows a value"),
        ("F67", "The timeout is shorter than the settings take", "warns before; then `timed_out`, exit 22"),
        ("F68", "A one-off task fails, is not placed, or never starts", "not 0, with the cause; started once"),
        ("F69", "Old revisions are pruned", "only after success; none that is in use, or needed to go back"),
        ("F70", "No UTF-8, a narrow terminal", "ASCII; never an error"),
    ),
    **FINDINGS,
}


def named_tests(root: Path = ROOT) -> dict[str, list[str]]:
    """`path::name` of each test that has a fault's id in its name, by id, sorted."""
    found: dict[str, list[str]] = {}
    for path in sorted((root / "tests").rglob("test_*.py")):
        for name, ids in TEST.findall(path.read_text(encoding="utf-8")):
            for each in _ids(ids):
                found.setdefault(each, []).append(f"{path.relative_to(root).as_posix()}::{name}")
    return found


def _ids(prefix: str) -> Iterator[str]:
    return (each.upper() for each in prefix.strip("_").split("_"))
