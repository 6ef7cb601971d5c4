"""What every test may rely on: no credentials, no settings of the machine's, repeatable properties."""

import os
import signal
from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.sdk import read_once

settings.register_profile("dev", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
# For `make mutate`, which runs the same properties thousands of times.
settings.register_profile("few", deadline=None, max_examples=5, database=None)
settings.load_profile("ci" if os.environ.get("CI") else "dev")

# A shell's background job, or `nohup`, ignores these, and so would the commands that tests interrupt.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)

# Whatever would lead a test to a real account or make its output depend on where it runs.
INHERITED_PREFIXES = ("AWS_", "ECS_DEPLOY_", "GITHUB_", "GITLAB_", "BUILDKITE", "CLICOLOR")
INHERITED_NAMES = frozenset(
    {
        "CI",
        "COLUMNS",
        "LINES",
        "FORCE_COLOR",
        "NO_COLOR",
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "ALL_PROXY",
        "NO_PROXY",
    }
)


def _is_inherited(name: str) -> bool:
    return name.startswith(INHERITED_PREFIXES) or name.upper() in INHERITED_NAMES


@pytest.fixture(scope="session", autouse=True)
def isolated_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """An environment without credentials, in a home that is empty.

    For the whole session, so that session fixtures (a server, say) start in it too; what one test sets with
    `monkeypatch` ends with that test.
    """
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        for name in filter(_is_inherited, tuple(os.environ)):
            patch.delenv(name)
        patch.setenv("HOME", str(home))
        patch.setenv("AWS_CONFIG_FILE", str(home / "no-config"))
        patch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(home / "no-credentials"))
        patch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        yield


@pytest.fixture(scope="session", autouse=True)
def sdk_that_reads_once() -> Iterator[None]:
    """Opening the SDK is half the price of a short run; see `tests.sdk`."""
    with pytest.MonkeyPatch.context() as patch:
        read_once(patch)
        yield
