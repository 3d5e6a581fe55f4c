"""A flood has few lines in the log, and every one of it is counted there."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from time import monotonic, sleep

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service import clock
from service.oauth import failures
from service.oauth.failures import PER_MINUTE, FailureMeter, settle_in_background

NOW = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@dataclass
class Lines:
    """A log that may be out of reach."""

    written: list[tuple[str, int]] = field(default_factory=list)
    is_away: bool = False
    refused: str = ""

    def write(self, reason: str, count: int, now: datetime) -> None:
        if self.is_away or reason == self.refused:
            raise OSError
        self.written.append((reason, count))


def test_what_is_over_the_bound_is_written_when_the_minute_is_over() -> None:
    lines = Lines()
    meter = FailureMeter(lines.write)
    for _ in range(40):
        meter.count("a", now=NOW)
    meter.settle(now=NOW)
    assert lines.written == [("a", 1)] * PER_MINUTE
    meter.settle(now=NOW + MINUTE)
    meter.settle(now=NOW + 2 * MINUTE)
    assert lines.written[PER_MINUTE:] == [("a", 40 - PER_MINUTE)]


def test_what_could_not_be_written_waits_and_is_not_forgotten() -> None:
    lines = Lines(is_away=True)
    meter = FailureMeter(lines.write)
    with pytest.raises(OSError, match=r"^$"):
        meter.count("a", now=NOW)
    with pytest.raises(ExceptionGroup):
        meter.settle(now=NOW + MINUTE)
    lines.is_away = False
    meter.settle(now=NOW + MINUTE)
    assert lines.written == [("a", 1)]


def test_one_that_cannot_be_written_takes_no_other_with_it() -> None:
    lines = Lines()
    meter = FailureMeter(lines.write)
    for reason in "ab":
        for _ in range(PER_MINUTE + 94):
            meter.count(reason, now=NOW)
    lines.refused = "a"
    with pytest.raises(ExceptionGroup):
        meter.settle(now=NOW + MINUTE)
    lines.refused = ""
    meter.settle(now=NOW + MINUTE)
    assert lines.written[-2:] == [("b", 94), ("a", 94)]


def test_who_fails_every_minute_hides_no_flood_of_others() -> None:
    lines = Lines()
    meter = FailureMeter(lines.write)
    for _ in range(PER_MINUTE + 94):
        meter.count("flood", now=NOW)
    meter.count("noise", now=NOW + MINUTE)
    meter.settle(now=NOW + MINUTE)
    assert ("flood", 94) in lines.written


@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 200)), max_size=60))
def test_every_failure_is_counted_once_and_few_have_a_line(failed: list[tuple[str, int]]) -> None:
    lines = Lines()
    meter = FailureMeter(lines.write)
    for reason, seconds in sorted(failed, key=lambda one: one[1]):
        meter.count(reason, now=NOW + timedelta(seconds=seconds))
    meter.settle(now=NOW + timedelta(hours=1))
    for reason in "ab":
        counts = [count for name, count in lines.written if name == reason]
        assert sum(counts) == sum(name == reason for name, _ in failed)
        assert len(counts) <= PER_MINUTE * 4 + 1


def test_the_rest_of_a_flood_is_written_without_anybody_failing_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(failures, "SETTLED_EVERY", 0.01)
    lines = Lines()
    meter = FailureMeter(lines.write)
    for _ in range(PER_MINUTE + 3):
        meter.count("a", now=clock.now() - MINUTE)
    settle_in_background([meter])
    until = monotonic() + 10
    while len(lines.written) == PER_MINUTE and monotonic() < until:
        sleep(0.01)
    assert lines.written[PER_MINUTE:] == [("a", 3)]
