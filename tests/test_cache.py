"""What is remembered is found once a key, and never more of it is kept than was said."""

import pytest

from swath.cache import Cache


def test_the_same_key_is_found_once():
    cache, found = Cache[int](10), iter(range(10))
    assert [cache.get(key, lambda: next(found)) for key in ("a", "a", "b", "a")] == [0, 0, 1, 0]


def test_nothing_is_an_answer_too():
    cache, asked = Cache[None](10), []
    for _ in range(2):
        assert cache.get("a", lambda: asked.append(1)) is None
    assert asked == [1]


def test_what_fails_is_tried_again():
    cache = Cache[float](10)
    with pytest.raises(ZeroDivisionError):
        cache.get("a", lambda: 1 / 0)
    assert cache.get("a", lambda: 1.5) == 1.5


def test_no_more_than_so_many_are_kept():
    cache = Cache[int](3)
    for key in range(1_000):
        assert cache.get(key, lambda key=key: key) == key
        assert len(cache._kept) <= 3  # pyright: ignore[reportPrivateUsage]


def test_what_is_kept_can_be_looked_at_and_put_in_its_place():
    cache = Cache[int](1)
    assert cache.peek("a") is None
    assert cache.keep("a", 1) == cache.peek("a") == 1
    cache.keep("b", 2)
    assert (cache.peek("a"), cache.peek("b")) == (None, 2)
