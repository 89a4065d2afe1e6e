"""Records behave like frozen dataclasses, whatever they cost to declare."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, field, fields, replace

import pytest

from catalog_route.record import record


@record
class Point:
    """A place."""

    x: int
    y: int = 2
    marks: tuple[str, ...] = field(default_factory=tuple)


@record
class Other:
    """Another record with the same fields."""

    x: int
    y: int = 2
    marks: tuple[str, ...] = field(default_factory=tuple)


def test_values_are_given_by_place_or_name_or_left_to_defaults() -> None:
    assert Point(1) == Point(1, 2) == Point(x=1, y=2, marks=()) == Point(1, marks=())
    assert repr(Point(1, marks=("a",))) == "Point(x=1, y=2, marks=('a',))"
    assert [part.name for part in fields(Point)] == ["x", "y", "marks"]  # type: ignore[arg-type]
    assert replace(Point(1), y=5) == Point(1, 5)  # type: ignore[type-var]


def test_records_of_another_kind_or_value_differ() -> None:
    assert Point(1) != Point(2)
    assert Point(1) != Other(1)
    assert Point(1) != 1
    assert len({Point(1), Point(1), Point(2), Other(1)}) == 3


@pytest.mark.parametrize(
    ("args", "named", "told"),
    [
        ((), {}, "missing .'x'"),
        ((1,), {"x": 2}, "wrong .'x'"),
        ((1,), {"z": 2}, "wrong .'z'"),
        ((1, 2, (), 4), {}, "4 values by place, of 3"),
    ],
)
def test_values_that_do_not_fit_are_refused(args: tuple[int, ...], named: dict[str, int], told: str) -> None:
    with pytest.raises(TypeError, match=told):
        Point(*args, **named)  # type: ignore[arg-type]


def test_nothing_can_be_changed() -> None:
    point = Point(1)
    with pytest.raises(FrozenInstanceError):
        point.x = 2  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        del point.x
    assert point == Point(1)
