"""A recorded run can be played again, offline, and says the same; no record has a secret, or a value of a variable."""

import io
import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from ecsdeploy.cli.main import main
from ecsdeploy.cli.record.replaying import held, read_record
from ecsdeploy.sim import World, scenario_names
from tests.cli.test_canaries import ONE, definition, logs
from tests.cli.worlds import DEPLOY, NEW, OLD, WEB, Played, a_world, behaves, play, service, shipped, surroundings
from tests.records.recorded import RECORDS, record

FOLDER = Path("tests/records")
HIDDEN_VALUES = ("a-plain-value-7", "another-plain-value-8")


def again(path: Path) -> str:
    """How the replay differs from the recorded run."""
    return held(read_record(path.name, path.parent), surroundings())


def replayed(folder: Path, *words: str) -> tuple[int, str, str]:
    around = surroundings(folder)
    code = main(("replay", *words), around)
    assert isinstance(around.stdout, io.StringIO)
    assert isinstance(around.stderr, io.StringIO)
    return code, around.stdout.getvalue(), around.stderr.getvalue()


@pytest.mark.parametrize("name", [path.name for path in sorted(FOLDER.glob("*.jsonl"))])
def test_each_record_that_we_keep_says_the_same_again(name: str) -> None:
    assert again(FOLDER / name) == ""


def test_the_folder_has_the_records_that_it_is_to_have() -> None:
    assert {path.stem for path in FOLDER.glob("*.jsonl")} == {*RECORDS}


@pytest.mark.parametrize("name", scenario_names()[::6])
def test_a_recorded_scenario_says_the_same_again(name: str, tmp_path: Path) -> None:
    record(shipped(name), ("deploy", *WEB, "--image", NEW, "--timeout", "600"), tmp_path / "run.jsonl", surroundings())
    assert again(tmp_path / "run.jsonl") == ""


@pytest.mark.parametrize(
    "words",
    [
        (*WEB, "-i", NEW, "-t", "300"),
        ("plan", *WEB, "--image", NEW),
        ("status", *WEB, "--output", "json"),
        ("status", "-c", "prod"),
        ("history", *WEB),
        ("doctor", *WEB),
        ("logs", *WEB, "--since", "1h"),
        ("rollback", *WEB),
        ("watch", *WEB),
        ("deploy", "-c", "prod", "-n", "nobody", "--image", NEW),
    ],
    ids=" ".join,
)
def test_every_command_that_talks_to_aws_can_be_recorded(words: tuple[str, ...], tmp_path: Path) -> None:
    world = a_world(service(deployment={"circuit_breaker": "rollback"}), behaves(NEW, run="exit", after=4))
    play(world, DEPLOY)
    run = record(world, words, tmp_path / "run.jsonl", surroundings())
    assert (tmp_path / "run.jsonl").exists(), run.stderr
    assert again(tmp_path / "run.jsonl") == ""


def test_the_run_says_with_a_record_what_it_says_without_one(tmp_path: Path) -> None:
    with_one = record(shipped("crash-loop"), DEPLOY, tmp_path / "run.jsonl", surroundings())
    without = play(shipped("crash-loop"), DEPLOY)
    assert (with_one.code, with_one.stdout, with_one.stderr) == (without.code, without.stdout, without.stderr)


def secretive(tmp_path: Path, *words: str) -> tuple[Played, str]:
    """A run whose every place for a secret has one, and the text of its record."""
    given = definition(ONE)
    variables = {"GREETING": HIDDEN_VALUES[0], "DB_PASSWORD": ONE}
    (tmp_path / "web.env").write_text("".join(f"{name}='{value}'\n" for name, value in variables.items()))
    web = service(launch_type="EC2", task_definition=given, deployment={"circuit_breaker": "stop"})
    world = a_world(web, behaves(NEW, run="exit", exit_code=1, after=4, logs=logs(ONE)))
    around = surroundings(tmp_path, {"CI_JOB_TOKEN": ONE})
    keys = ("--assume-role", "arn:aws:iam::123456789012:role/x", "--external-id", ONE)
    run = record(world, (*words, *keys), tmp_path / "run.jsonl", around)
    return run, (tmp_path / "run.jsonl").read_text()


@pytest.mark.parametrize(
    "words",
    [
        ("deploy", *WEB, "--image", f"app={NEW}", "--env-file", "app=web.env", "--timeout", "300"),
        ("deploy", *WEB, "--image", f"app={NEW}", "--env", f"app:GREETING={HIDDEN_VALUES[1]}", "--output", "json"),
        ("deploy", *WEB, "--image", f"app={NEW}", "--command", f"app=serve --password {ONE}"),
        ("plan", *WEB, "--image", f"app={NEW}", "--env", f"app:API_KEY={ONE}"),
        ("status", *WEB),
    ],
    ids=lambda words: " ".join(words[-2:]),
)
def test_s01_s03_a_record_has_no_secret_and_no_value_and_plays_the_same(words: tuple[str, ...], tmp_path: Path) -> None:
    run, text = secretive(tmp_path, *words)
    assert ONE not in text
    assert not any(value in text for value in HIDDEN_VALUES)
    assert "signs-for-no-one" not in text
    assert "AKIA" not in text
    assert "Authorization" not in text.replace("Authorization: ***", "")
    assert run.said
    assert again(tmp_path / "run.jsonl") == ""


@pytest.mark.parametrize("kind", ["base", "patch", "inline"])
def test_s03_files_that_the_run_read_are_in_the_record_without_values(kind: str, tmp_path: Path) -> None:
    whole = {**definition(ONE), "family": "web"}
    steps = [{"op": "add", "path": "/containerDefinitions/app/environment/GREETING/value", "value": HIDDEN_VALUES[0]}]
    steps[0]["path"] = "/containerDefinitions/app/environment/DB_PASSWORD/value"
    (tmp_path / "base.json").write_text(json.dumps(whole))
    (tmp_path / "patch.json").write_text(json.dumps(steps))
    given = {
        "base": ("--base", "base.json"),
        "patch": ("--patch", "patch.json"),
        "inline": ("--patch", json.dumps(steps)),
    }[kind]
    run, text = secretive(tmp_path, "plan", *WEB, *given)
    assert run.code == 0, run.said
    assert ONE not in text
    assert HIDDEN_VALUES[0] not in text
    assert again(tmp_path / "run.jsonl") == ""


def test_a_fingerprint_is_the_same_in_a_replay(tmp_path: Path) -> None:
    web = service(containers=[{"name": "app", "image": OLD, "environment": {"LEVEL": "debug-7"}}])
    run = record(a_world(web), ("plan", *WEB, "--env", "LEVEL=info-8"), tmp_path / "run.jsonl", surroundings())
    assert "LEVEL" in run.said
    assert "#" in run.said
    assert "info-8" not in (tmp_path / "run.jsonl").read_text()
    assert again(tmp_path / "run.jsonl") == ""


def test_a_record_can_be_shown_on_a_terminal(tmp_path: Path) -> None:
    world = a_world(service(), behaves(NEW, run="exit", logs=["\x9b31m red", "\x1b]0;title\x07", "\u202eevil"]))
    record(world, (*DEPLOY, "--timeout", "300"), tmp_path / "run.jsonl", surroundings())
    text = (tmp_path / "run.jsonl").read_text()
    assert text.isascii()
    assert not any(ord(each) < 32 for each in text.replace("\n", ""))
    assert again(tmp_path / "run.jsonl") == ""


def test_only_its_owner_can_read_a_record(tmp_path: Path) -> None:
    record(a_world(), ("status", *WEB), tmp_path / "run.jsonl", surroundings())
    assert (tmp_path / "run.jsonl").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("plan", *WEB, "--image", NEW, "--show-values"), "`--show-values` shows values"),
        (("deploy", *WEB, "--image", NEW, "--provenance"), "`--provenance` reads variables"),
        ((*WEB, "-i", "web:$(git describe)"), "The image is to come from a file"),
        ((*WEB, "-i", NEW, "--eval-image"), "`--eval-image` runs a shell"),
        (("deploy", *WEB, "--image", NEW, "--smoke", "./smoke.sh"), "`--smoke` runs a program"),
        (("deploy", *WEB, "--image", NEW, "--approve"), "`--approve` asks somebody"),
        (("deploy", *WEB, "--base", "../elsewhere.json"), "`../elsewhere.json` is elsewhere"),
        (("deploy", *WEB, "--image", NEW, "--output", "live"), "`--output live` cannot be recorded"),
    ],
)
def test_what_could_not_be_played_again_is_refused_before_anything(
    words: tuple[str, ...], said: str, tmp_path: Path
) -> None:
    (tmp_path / "elsewhere.json").write_text("{}")
    (tmp_path / "in").mkdir()
    run = record(a_world(), words, tmp_path / "in" / "run.jsonl", surroundings())
    assert run.code == (64 if words[0] in ("plan", "deploy") else 1)
    assert said in run.stderr
    assert not run.world.calls
    assert not (tmp_path / "in" / "run.jsonl").exists()


def test_a_record_that_cannot_be_written_is_told_before_anything(tmp_path: Path) -> None:
    run = play(a_world(), (*DEPLOY, "--record", "nowhere/run.jsonl"), surroundings(tmp_path))
    assert run.code == 64
    assert "The record `nowhere/run.jsonl` cannot be written: No such file or directory." in run.stderr
    assert not run.world.calls


def made(tmp_path: Path, world: World | None = None) -> list[dict[str, object]]:
    record(world or shipped("denied-update"), DEPLOY, tmp_path / "run.jsonl", surroundings())
    return [json.loads(line) for line in (tmp_path / "run.jsonl").read_text().splitlines()]


def written(tmp_path: Path, lines: Sequence[object]) -> str:
    (tmp_path / "changed.jsonl").write_text("\n".join(map(json.dumps, lines)))
    return "changed.jsonl"


def test_replay_shows_the_run_and_exits_as_it_did(tmp_path: Path) -> None:
    run = record(shipped("crash-loop"), DEPLOY, tmp_path / "run.jsonl", surroundings())
    code, stdout, stderr = replayed(tmp_path, "run.jsonl")
    assert code == run.code == 21
    assert stdout == run.stdout
    assert stderr.startswith("A replay, nothing is sent to AWS.\n$ ecs-deploy deploy --cluster=prod")
    assert stderr.endswith(run.stderr)


def test_a_replay_that_goes_another_way_says_where(tmp_path: Path) -> None:
    lines = made(tmp_path)
    del lines[4]
    code, _, stderr = replayed(tmp_path, written(tmp_path, lines))
    assert code == 1
    assert "The replay went another way than the record: step 3: it does" in stderr
    code, stdout, _ = replayed(tmp_path, "--check", "changed.jsonl", "run.jsonl")
    assert code == 1
    assert stdout.splitlines()[0].startswith("broken  changed.jsonl: step 3")
    assert stdout.splitlines()[1] == "held    run.jsonl"


def test_a_check_finds_another_word_and_another_exit_code(tmp_path: Path) -> None:
    *lines, end = made(tmp_path)
    _, stdout, _ = replayed(tmp_path, "--check", written(tmp_path, [*lines, {**end, "exit_code": 3}]))
    assert "the exit code is 26, and 3 in the record" in stdout
    _, stdout, _ = replayed(tmp_path, "--check", written(tmp_path, [*lines, {**end, "stderr": "something\n"}]))
    assert "stderr, line 1 is" in stdout


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"v": 2}, "has the format 2, and this version reads 1."),
        ({"type": "plan"}, "is no record."),
        ({"files": {"../../home/x": "y"}}, "has a file that is in no folder of the record"),
        ({"files": {"/etc/x": "y"}}, "has a file that is in no folder of the record"),
        ({"given": {"plan_out": ["/home/x"]}}, "has the option `plan_out`"),
        ({"given": {"junit": ["/home/x"], "scenario": ["x"]}}, "has the option `scenario`"),
        ({"command": "", "given": {"eval_image": ["true"], "image": ["x"]}}, "runs a shell"),
        ({"given": {"smoke": ["touch x"], "image": ["x"]}}, "runs a program"),
        ({"command": "nothing"}, "is a record that cannot be understood."),
        ({"given": 3}, "is a record that cannot be understood."),
    ],
)
def test_a_record_of_somebody_who_means_harm_does_nothing(change: dict[str, object], said: str, tmp_path: Path) -> None:
    head, *rest = made(tmp_path)
    code, _, stderr = replayed(tmp_path, written(tmp_path, [{**head, **change}, *rest]))
    assert code == 64
    assert said in stderr


def test_what_is_no_record_is_told(tmp_path: Path) -> None:
    (tmp_path / "text.jsonl").write_text("hello\n")
    (tmp_path / "empty").mkdir()
    lines = made(tmp_path)
    for words, said in (
        ((), "No record is named."),
        (("nowhere.jsonl",), "There is no record `nowhere.jsonl`."),
        (("text.jsonl",), "`text.jsonl` is no record: it is not JSON lines."),
        ((written(tmp_path, lines[:-1]),), "has no end: the run was cut off."),
        (("--check", "empty"), "The folder `empty` holds no record."),
        (("run.jsonl", "text.jsonl"), "Only one record can be played at a time."),
    ):
        code, _, stderr = replayed(tmp_path, *words)
        assert code == 64
        assert said in stderr


def test_a_replay_sends_nothing_and_keeps_no_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made(tmp_path)
    monkeypatch.setattr("time.sleep", lambda _: pytest.fail("it waits"))
    monkeypatch.setattr("socket.socket.connect", lambda *_: pytest.fail("it connects"))
    assert replayed(tmp_path, "run.jsonl")[0] == 26


@pytest.mark.parametrize("name", [*RECORDS])
def test_every_line_of_a_record_is_of_its_published_form(name: str) -> None:
    schema = json.loads(Path("docs/reference/record.schema.json").read_text())
    published = Draft202012Validator(schema)
    for line in (FOLDER / f"{name}.jsonl").read_text().splitlines():
        published.validate(json.loads(line))
