"""What is remembered is found once a key, and never more of it is kept than was said."""

import pytest

from swath.recall import Recall


def test_the_same_key_is_found_once():
    recall, found = Recall[int](10), iter(range(10))
    assert [recall.get(key, lambda: next(found)) for key in ("a", "a", "b", "a")] == [0, 0, 1, 0]


def test_nothing_is_an_answer_too():
    recall, asked = Recall[None](10), []
    for _ in range(2):
        assert recall.get("a", lambda: asked.append(1)) is None
    assert asked == [1]


def test_what_fails_is_tried_again():
    recall = Recall[float](10)
    with pytest.raises(ZeroDivisionError):
        recall.get("a", lambda: 1 / 0)
    assert recall.get("a", lambda: 1.5) == 1.5


def test_no_more_than_so_many_are_kept():
    recall = Recall[int](3)
    for key in range(1_000):
        assert recall.get(key, lambda key=key: key) == key
        assert len(recall._kept) <= 3  # pyright: ignore[reportPrivateUsage]


def test_what_is_kept_can_be_looked_at_and_put_in_its_place():
    recall = Recall[int](1)
    assert recall.peek("a") is None
    assert recall.keep("a", 1) == recall.peek("a") == 1
    recall.keep("b", 2)
    assert (recall.peek("a"), recall.peek("b")) == (None, 2)
