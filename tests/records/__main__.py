"""Writes the records of this folder anew: `python -m tests.records`, after a change of what a run asks or says."""

from pathlib import Path

from tests.cli.worlds import surroundings
from tests.records.recorded import RECORDS, record, world_of

if __name__ == "__main__":
    for name, words in RECORDS.items():
        record(world_of(name), words, Path(__file__).parent / f"{name}.jsonl", surroundings())
