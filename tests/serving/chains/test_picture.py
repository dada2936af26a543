"""The drawing of a chain: everybody once, suppliers left of their customers, also where there is a circle."""

import re
from itertools import pairwise

from serving.reports.chain.layout import EDGE, GAP_X, HIGH, LEAST_GAP_X, ROOM, WIDE, picture
from serving.web.chains.views import shortened


def test_suppliers_stand_left_of_their_customers_and_boxes_apart():
    links = [("a", "b"), ("b", "c"), ("a", "c"), ("d", "c"), ("a", "b")]
    made = picture(["a", "b", "c", "d", "e"], links)
    x = {box.id: box.x for box in made.boxes}
    assert x["a"] < x["b"] < x["c"]
    assert x["d"] < x["c"]
    assert "e" not in x, "nobody deals with it"
    assert len(made.curves) == 4, "two materials of one supplier are one curve"
    assert max(box.x for box in made.boxes) + WIDE <= made.width
    assert max(box.y for box in made.boxes) + HIGH <= made.height
    for one in made.boxes:
        for other in made.boxes:
            assert one is other or one.x != other.x or abs(one.y - other.y) >= HIGH


def test_a_curve_joins_its_ends():
    made = picture(["a", "b"], [("a", "b")])
    a, b = sorted(made.boxes, key=lambda box: box.id)
    numbers = [float(number) for number in re.findall(r"-?\d+\.?\d*", made.curves[0].path)]
    assert numbers[:2] == [a.x + WIDE, a.y + HIGH / 2]
    assert numbers[-2:] == [b.x, b.y + HIGH / 2]
    assert b.x - a.x == WIDE + GAP_X


def test_a_circle_is_drawn_too():
    made = picture(["a", "b", "c"], [("a", "b"), ("b", "c"), ("c", "a")])
    assert len(made.boxes) == len(made.curves) == 3
    assert len({(box.x, box.y) for box in made.boxes}) == 3


def test_the_fewest_crossings_of_a_simple_case_are_found():
    made = picture(["a", "b", "x", "y"], [("a", "y"), ("b", "x")])
    y = {box.id: box.y for box in made.boxes}
    assert (y["a"] < y["b"]) == (y["y"] < y["x"])


def test_nothing_to_draw():
    assert picture([], []).boxes == ()
    assert picture(["a"], []).width == 0


def test_a_long_chain_and_a_wide_one_are_drawn_at_once():
    names = [f"n{at}" for at in range(3000)]
    assert len(picture(names, list(pairwise(names))).boxes) == 3000


def test_a_name_that_is_too_long_is_cut():
    assert shortened("宁波机械零部件001厂") == "宁波机械零部件001厂"
    assert shortened("a" * 30) == "a" * 24 + "…"


def test_five_tiers_stay_on_a_desk_and_more_come_no_nearer_than_a_curve_needs():
    names = [f"E{number}" for number in range(9)]
    widths = {tiers: picture(names[:tiers], list(pairwise(names[:tiers]))).width for tiers in (2, 4, 5, 9)}
    assert widths[4] <= ROOM
    assert widths[5] <= ROOM < widths[9]
    assert widths[2] == 2 * EDGE + 2 * WIDE + GAP_X
    assert widths[9] == 2 * EDGE + 9 * WIDE + 8 * LEAST_GAP_X
