"""The bench's own arithmetic, and the page that it writes."""

from __future__ import annotations

import math
import re
from itertools import pairwise

import pytest
from bench import page
from bench.open_loop import Measured, arrivals, percentile
from bench.page_rows import SECTIONS
from bench.story import STORIES, visits_of

MACHINE = {
    "day": "2026-11-24", "cores": 2, "processor": "a processor", "memory_gb": 24, "versions": "Python 3.11.7",
}  # fmt: skip


class TestPercentile:
    @pytest.mark.parametrize(("percent", "expected"), [(50, 50), (95, 95), (99, 99), (100, 100), (1, 1)])
    def test_is_the_least_value_that_so_many_do_not_exceed(self, percent: int, expected: int) -> None:
        assert percentile(list(range(100, 0, -1)), percent) == expected

    def test_of_few_values_is_one_of_them(self) -> None:
        assert percentile([3, 1, 2], 95) == 3
        assert percentile([7], 50) == 7

    def test_of_nothing_is_no_number(self) -> None:
        assert math.isnan(percentile([], 95))


class TestMeasured:
    def test_gets_no_better_when_guests_are_refused_quickly(self) -> None:
        measured = Measured()
        for _ in range(18):
            measured.serve(0.2)
        assert (measured.ms("guest", 95), measured.served) == (200, 18)
        for _ in range(2):
            measured.refuse("finalize 503 busy", 0.01)
        assert (measured.ms("guest", 95), measured.served) == (30_000, 18)
        measured.refuse("ConnectionLost", 45.0)
        assert measured.ms("guest", 100) == 45_000
        assert measured.refusals == {"finalize 503 busy": 2, "ConnectionLost": 1}


class TestArrivals:
    def test_come_as_often_as_wished_and_at_random(self) -> None:
        at_s = arrivals(per_s=100, seconds=100)
        assert 9_700 < len(at_s) < 10_300
        assert at_s == sorted(at_s)
        assert at_s[-1] < 100
        pauses = [later - sooner for sooner, later in pairwise(at_s)]
        # Of exponential pauses, a share of exp(-1) is longer than the mean.
        assert sum(pause > 0.01 for pause in pauses) / len(pauses) == pytest.approx(math.exp(-1), abs=0.02)

    def test_are_the_same_for_the_same_seed_only(self) -> None:
        assert arrivals(per_s=10, seconds=10, seed=1) == arrivals(per_s=10, seconds=10, seed=1)
        assert arrivals(per_s=10, seconds=10, seed=1) != arrivals(per_s=10, seconds=10, seed=2)


class TestStory:
    @pytest.mark.parametrize("story", [0, 1, STORIES - 1])
    def test_spends_no_more_than_was_earned_and_leaves_the_rest_in_lots(self, story: int) -> None:
        visits = visits_of(story)
        balance_minor = 0
        for visit in visits:
            assert visit.balance_before_minor == balance_minor
            assert sum(visit.taken_minor) == visit.redeemed_minor <= balance_minor
            balance_minor += visit.earned_minor - visit.redeemed_minor
        assert sum(visit.left_minor for visit in visits) == balance_minor
        assert sum(visit.redeemed_minor > 0 for visit in visits) == 2


class TestPage:
    def test_shows_a_part_with_its_figures_and_its_machine(self) -> None:
        text = page.tables({"engine_evaluate_us": 88.587}, {"engine": MACHINE})
        assert "### The engine alone" in text
        assert "Measured on 2026-11-24: 2 cores (a processor), 24 GB, Python 3.11.7." in text
        assert "| One evaluation of a check of five lines | 89 µs |" in text

    def test_leaves_out_what_was_not_measured(self) -> None:
        assert page.tables({"engine_evaluate_us": 88.587}, {}) == ""
        assert page.tables({}, {"engine": MACHINE}) == ""

    def test_every_row_is_written_from_figures(self) -> None:
        figures = {
            name: 1.0
            for _part, _heading, rows in SECTIONS
            for row in rows
            for name in re.findall(r"{(\w+)", " ".join(row))
        }
        text = page.tables(figures, {part: MACHINE for part, _heading, _rows in SECTIONS})
        assert text.count("| What | Figure | How it was got |") == len(SECTIONS)
        assert "{" not in text
