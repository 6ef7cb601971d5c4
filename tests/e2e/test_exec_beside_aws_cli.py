"""What `exec` gives AWS's session-manager-plugin beside what the AWS CLI gives it.

The plugin is not to be had from PyPI, npm or Debian. A program that notes its words and variables stands in for it.
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from tests.e2e.conftest import OURS, Simulator, Start

WEB = ("--cluster", "prod", "--service", "web")
RESPONSE = "AWS_SSM_START_SESSION_RESPONSE"
SESSION = {"SessionId": "ecs-execute-command-1", "TokenValue": "of-the-session", "StreamUrl": "wss://127.0.0.1/stream"}
PLUGIN = f"""#!{sys.executable} -S
import json, os, sys
if sys.argv[1:] == ["--version"]:
    print("1.2.764.0")
elif sys.argv[1:]:
    open(os.environ["SEEN"], "w").write(json.dumps([sys.argv[1:], dict(os.environ)]))
"""


@dataclass(frozen=True, slots=True)
class Given:
    """The words and the variables that the plugin was given."""

    words: list[str]
    variables: Mapping[str, str]

    @property
    def session(self) -> dict[str, str]:
        """In the variable that the first word names, or in that word; its members as StartSession spells them."""
        said = json.loads(self.variables.get(self.words[0], self.words[0]))
        return {name[0].upper() + name[1:]: text for name, text in said.items()}


@dataclass(frozen=True, slots=True)
class Callers:
    """Programs that look for the plugin in `folder`."""

    folder: Path
    simulator: Simulator

    def give(self, *argv: str, **variables: str) -> Given:
        seen = self.folder / "seen.json"
        around = {**self.simulator.variables, **variables, "SEEN": str(seen), "PATH": f"{self.folder}:/usr/bin:/bin"}
        done = Simulator(url=self.simulator.url, variables=around).run(*argv)
        assert done.returncode == 0, done.stderr
        words, found = json.loads(seen.read_text())
        return Given(words, found)


@pytest.fixture
def callers(tmp_path: Path, start: Start) -> Callers:
    plugin = tmp_path / "session-manager-plugin"
    plugin.write_text(PLUGIN)
    plugin.chmod(0o755)
    return Callers(tmp_path, start())


@pytest.fixture
def session_manager() -> Iterator[str]:
    """The address of a Session Manager that starts the same session again and again."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            body = json.dumps(SESSION).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_the_plugin_is_given_what_the_aws_cli_gives_it(callers: Callers, commands: Path, session_manager: str) -> None:
    aws = str(commands / "aws")
    run = callers.simulator.run
    assert run(aws, "ecs", "update-service", *WEB, "--enable-execute-command", "--force-new-deployment").returncode == 0
    assert run(aws, "ecs", "wait", "services-stable", *WEB[:2], "--services", "web").returncode == 0
    ours = callers.give(OURS, "exec", "-c", "prod", "-n", "web", "--", "true")
    target = json.loads(ours.words[4])["Target"]

    # `ecs execute-command` still has the token on its command line, and names ECS's address where Session Manager's
    # belongs.
    task = target.split("_")[1]
    chosen = ("--task", task, "--container", "app", "--interactive", "--command", "true")
    theirs = callers.give(aws, "ecs", "execute-command", *WEB[:2], *chosen)
    assert theirs.words[1:5] == ours.words[1:5]
    assert theirs.session.keys() == ours.session.keys()

    # `ssm start-session` has it in a variable, as we have.
    theirs = callers.give(aws, "ssm", "start-session", "--target", target, AWS_ENDPOINT_URL=session_manager)
    assert theirs.words[:5] == ours.words[:5]
    assert theirs.session == SESSION
    assert (theirs.session.keys(), RESPONSE) == (ours.session.keys(), ours.words[0])
    assert len(ours.words) == len(theirs.words)


@pytest.mark.parametrize("host", ["", "db.internal"])
def test_a_port_is_forwarded_as_by_the_aws_cli(callers: Callers, commands: Path, host: str) -> None:
    aws, run = str(commands / "aws"), callers.simulator.run
    assert run(aws, "ecs", "update-service", *WEB, "--enable-execute-command", "--force-new-deployment").returncode == 0
    assert run(aws, "ecs", "wait", "services-stable", *WEB[:2], "--services", "web").returncode == 0
    ours = callers.give(
        OURS, "exec", "-c", "prod", "-n", "web", "--forward", f"18080:{host}:80" if host else "18080:80"
    )
    asked = json.loads(ours.words[4])
    document = "AWS-StartPortForwardingSession" + ("ToRemoteHost" if host else "")
    ports = {"portNumber": ["80"], "localPortNumber": ["18080"], **({"host": [host]} if host else {})}
    words = ("--target", asked["Target"], "--document-name", document, "--parameters", json.dumps(ports))
    theirs = callers.give(aws, "ssm", "start-session", *words)
    assert json.loads(theirs.words[4]) == asked
    assert (theirs.words[:4], len(theirs.words)) == (ours.words[:4], len(ours.words))
    assert theirs.session.keys() == ours.session.keys()
