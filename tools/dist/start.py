"""Where the folder and the single file begin."""

import os

# The bootloader leads the loader to our libraries, and a program that we start (of `credential_process`) has its own.
_found = os.environ.pop("LD_LIBRARY_PATH_ORIG", None)
if _found is None:
    os.environ.pop("LD_LIBRARY_PATH", None)
else:
    os.environ["LD_LIBRARY_PATH"] = _found

from ecsdeploy.cli.main import entry  # noqa: E402 - the environment comes first

entry()
