import pytest

from poster_sandbox.money import allocate, to_minor, to_units


@pytest.mark.parametrize(
    ("units", "minor"), [(0.1 + 0.2, 30), ("12.345", 1235), (1.005, 101), (45, 4500), ("", 0), ("-2.5", -250)]
)
def test_currency_units_become_minor_units_half_up(units, minor):
    assert to_minor(units) == minor


@pytest.mark.parametrize("nonsense", ["ten", None, True, float("nan"), float("inf"), [], 10**16])
def test_nonsense_is_no_money(nonsense):
    with pytest.raises(ValueError, match="is"):
        to_minor(nonsense)


def test_whole_sums_leave_as_integers():
    assert (to_units(4500), to_units(4550)) == (45, 45.5)
    assert isinstance(to_units(4500), int)


def test_a_sum_is_split_to_the_last_minor_unit():
    assert allocate(100, [1, 1, 1]) == [34, 33, 33]
    assert sum(allocate(9999, [6500, 5000, 8400])) == 9999


def test_nothing_is_split_over_lines_that_cost_nothing():
    assert allocate(100, [0, 0]) == [0, 0]
