"""What a renderer does with streams that are closed, broken, or of another encoding."""

import io

import pytest

from ecsdeploy.render.select import RenderOptions, select
from ecsdeploy.render.stream import LineStream, Style
from tests.render.builders import Story, exit_code, play
from tests.render.stories import ROLLED_BACK_BY_ECS, STORIES, SUCCESS
from tests.render.task_stories import TASK_STORIES


class Broken(io.StringIO):
    """A stream whose reader has gone."""

    def write(self, text: str, /) -> int:
        raise BrokenPipeError(32, "Broken pipe")


class Full(io.StringIO):
    """A stream onto a disk that is full: the error comes with the flush."""

    def flush(self) -> None:
        raise OSError(28, "No space left on device")


class Flushes(io.StringIO):
    """Counts what has been handed on."""

    flushed = 0

    def flush(self) -> None:
        self.flushed = self.getvalue().count("\n")


def closed() -> io.StringIO:
    stream = io.StringIO()
    stream.close()
    return stream


@pytest.mark.parametrize("make", [Broken, Full, closed])
@pytest.mark.parametrize("output", [None, "json"])
@pytest.mark.parametrize("form", ["flags", "commands"])
def test_a_reader_that_went_away_ends_nothing(make: type[io.StringIO], output: str | None, form: str) -> None:
    sink = select(
        RenderOptions(
            form="flags" if form == "flags" else "commands",
            output=output,
            stdout=make(),
            stderr=make(),
            exit_code=exit_code,
        )
    )
    for record in Story(timeline=ROLLED_BACK_BY_ECS).records:
        sink.emit(record)


def test_one_broken_stream_does_not_silence_the_other() -> None:
    err = io.StringIO()
    sink = select(RenderOptions(form="flags", output=None, stdout=Broken(), stderr=err, exit_code=exit_code))
    for record in Story(timeline=ROLLED_BACK_BY_ECS).records:
        sink.emit(record)
    assert "FAILED, rolled back by ECS." in err.getvalue()


@pytest.mark.parametrize("output", [None, "json"])
def test_each_line_is_handed_on_at_once(output: str | None) -> None:
    out = Flushes()
    sink = select(RenderOptions(form="flags", output=output, stdout=out, stderr=io.StringIO(), exit_code=exit_code))
    for record in Story(timeline=SUCCESS).records:
        sink.emit(record)
        assert out.flushed == out.getvalue().count("\n")


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "utf-16"])
@pytest.mark.parametrize("story", (STORIES | TASK_STORIES).values(), ids=STORIES | TASK_STORIES)
def test_every_screen_fits_every_encoding(story: Story, encoding: str) -> None:
    screen = play(story, encoding)
    assert play(story, "utf-8").stderr.count("\n") == screen.stderr.count("\n")


def test_glyphs_have_stand_ins_without_utf8() -> None:
    screen = play(STORIES["rolled-back-by-ecs"], "ascii").stderr
    assert " x FAILED, rolled back by ECS." in screen
    assert "| KeyError" in screen
    assert "\\u" not in screen


def test_a_character_that_the_encoding_lacks_is_escaped() -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii")
    LineStream(stream).line("naïve 🚀")
    assert raw.getvalue() == b"na\\xefve \\U0001f680\n"


def test_an_unknown_encoding_is_taken_for_ascii() -> None:
    class Odd(io.StringIO):
        encoding = "x-martian"

    stream = Odd()
    LineStream(stream).line("→ …")
    assert stream.getvalue() == "-> ...\n"


def test_colour_is_used_only_when_asked_for() -> None:
    assert Style().paint("bad", "no") == "no"
    assert Style(color=True).paint("bad", "yes") == "\x1b[1;31myes\x1b[0m"
    assert "\x1b" not in str(play(STORIES["rolled-back-by-ecs"]))
