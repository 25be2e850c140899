"""What the machine chooses from: cafés, baskets, instants, amounts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from .orders import Basket, Line, Program

ZONES = ("Europe/Kyiv", "Europe/Warsaw", "Asia/Kolkata", "Pacific/Apia")
# The days before clocks are changed, and an ordinary noon.
STARTS = (
    datetime(2026, 9, 1, 12, tzinfo=UTC),
    datetime(2026, 10, 24, 20, 50, tzinfo=UTC),
    datetime(2026, 3, 28, 21, 40, tzinfo=UTC),
)
PROGRAMS = (
    Program(earn=((5, None), (3, 2)), redeem=50),
    Program(earn=((10, 1),), redeem=100, below_zero="debt", debt=500),
    Program(earn=((7, 30), (1, 1)), redeem=90, below_zero="block"),
    Program(earn=((20, None),), redeem=100, below_zero="debt", debt=20_000),
)
BASKETS = (
    Basket(9000, (Line(9000, quantity=2000),)),
    Basket(10_001, (Line(3333, quantity=3000), Line(1), Line(6667, quantity=250))),
    Basket(7150, (Line(2500), Line(excluded=4000, quantity=2000))),
    Basket(62_345, (Line(50_000, quantity=7000), Line(12_345))),
    Basket(700, (Line(excluded=700),)),
    Basket(100, (Line(25), Line(75))),  # half of it falls on both lines alike
)
JUMPS = (
    timedelta(seconds=1), timedelta(minutes=20), timedelta(minutes=31), timedelta(hours=5), timedelta(days=1),
    timedelta(days=3), timedelta(days=8), timedelta(days=31),
)  # fmt: skip

guests = st.sampled_from((0, 0, 1, 2))
orders = st.tuples(st.sampled_from(("register", "register", "register", "bar")), st.integers(0, 9))
"""An order at that till: mostly a new one, else one of the three latest; see `TwoCafes.order`."""
baskets = st.sampled_from(BASKETS)
picks = st.integers(0, 1_000_000)
"""Which of those that there are; taken modulo their number."""
parts = st.sampled_from((0, 1, 10, 50, 99, 100, 100))
returns = st.lists(
    st.tuples(st.integers(0, 7), st.sampled_from((0, 10, 33, 50, 99, 100, 100, 101))), min_size=1, max_size=2
)
"""Lines (7: one that is not there) and the percent of them that is returned."""
lateness = st.sampled_from(
    (timedelta(0), timedelta(minutes=-9), timedelta(hours=30), timedelta(days=6), timedelta(days=9))
)
