"""What `ecs-deploy.pyz` does before anything of ours is imported; it must be understood by every Python 3."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - whoever runs the file may have any Python
    found = "%d.%d.%d" % sys.version_info[:3]  # noqa: UP031 - f-strings came with 3.6
    sys.exit("ecs-deploy.pyz needs Python 3.11 or newer, and `%s` is %s." % (sys.executable, found))  # noqa: UP031
