"""What is left out of the libraries in a process of the command's own, and what is not."""

import subprocess
import sys

import pytest
from urllib3.util.url import parse_url

from ecsdeploy.aws.loading import SERVICES

SDK = "import botocore.client, botocore.handlers, botocore.session, botocore.waiter, urllib3\n"
CLIENT = SDK + "client = botocore.session.Session().create_client('ecs', region_name='eu-west-1')\n"


def ran(code: str) -> str:
    """What a new process prints, which imports without some parts from its beginning."""
    before = "import sys\nfrom ecsdeploy.cli.leftout import leave_out_unused\nleave_out_unused()\n"
    done = subprocess.run([sys.executable, "-I", "-c", before + code], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    return done.stdout.strip()


@pytest.mark.parametrize("module", ["html.parser", "botocore.docs.bcdoc", "importlib.metadata"])
def test_what_they_load_is_not_loaded(module: str) -> None:
    assert ran(SDK + f"print({module!r} in sys.modules)") == "False"


def test_clients_are_made_and_have_their_operations() -> None:
    assert ran(CLIENT + "print(callable(client.describe_services), client.get_paginator('list_tasks') is None)") == (
        "True False"
    )
    assert ran(CLIENT + "print(client.get_waiter('services_stable').name)") == "ServicesStable"


def test_other_modules_of_the_same_packages_are_what_they_are() -> None:
    assert ran("import botocore.docs.bcdoc.style as style\nprint(style.BaseStyle.__name__)") == "BaseStyle"
    assert ran("from urllib3.http2 import probe\nprint(callable(probe.acquire_and_get))") == "True"


def test_what_the_modules_have_not_by_nature_they_have_not() -> None:
    assert ran("import botocore.docs.utils as utils\nprint(hasattr(utils, '__wrapped__'))") == "False"


def test_addresses_are_taken_apart_as_ever() -> None:
    urls = (
        "https://ecs.eu-west-1.amazonaws.com/",
        "http://[fe80::1%25eth0]:8080/a?b=c",
        "HTTP://127.0.0.1:80",
        "h:x%2fy",
    )
    code = f"from urllib3.util.url import parse_url\nprint([parse_url(each).url for each in {urls!r}])"
    assert ran(code) == str([parse_url(each).url for each in urls])


def test_their_patterns_are_compiled_when_they_are_needed() -> None:
    code = "import re, urllib3.util.url as url\nprint(any(url._IPV6_PAT in str(key[1]) for key in re._cache))"
    assert ran(code) == "False"
    assert ran(code.replace("\nprint", "\nurl._IPV6_RE.match('::1')\nprint")) == "True"


def test_what_the_sdk_does_for_other_services_is_left_out_and_nothing_else() -> None:
    code = "from botocore.handlers import BUILTIN_HANDLERS\nprint(*[each[0] for each in BUILTIN_HANDLERS])"
    command = [sys.executable, "-I", "-c", code]
    whole = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    kept = ran(code).split()
    assert len(kept) < len(whole) / 1.5
    left_out = {event.split(".")[1] for event in set(whole) - set(kept)}
    assert left_out.isdisjoint({*SERVICES, "*"})


def test_a_process_of_somebody_else_loads_all() -> None:
    code = "import ecsdeploy.cli.main\n" + SDK + "import sys\nprint('botocore.docs.bcdoc' in sys.modules)"
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "True"
