"""Writes all screens anew, to be reviewed: `python -m tests.render`."""

from tests.render import test_frames, test_overview_screens, test_screens, test_status_screens

GOLDENS = (
    test_screens.OF_SERVICES,
    test_screens.OF_TASKS,
    test_status_screens.GOLDENS,
    test_overview_screens.GOLDENS,
    test_frames.GOLDENS,
)

if __name__ == "__main__":
    for each in GOLDENS:
        each.write()
