"""python -m tools.explore; the command is a module of its own, as its processes import it by name."""

import sys

from tools.explore.report import main

sys.exit(main(sys.argv[1:]))
