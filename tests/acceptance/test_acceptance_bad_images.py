"""Names, links and ranges with which no other file is given than the item's own."""

import pytest
from tests.acceptance.bad_input_world import FILE, IMAGE, ITEM, World, assert_refused

pytestmark = [pytest.mark.slow, pytest.mark.timeout(90), pytest.mark.usefixtures("unchanged")]


@pytest.mark.parametrize(
    "name",
    [
        "..%2f..%2f..%2fswath.db",
        "%2e%2e/%2e%2e/swath.db",
        "thumbnail%00",
        "%00",
        "C:%5cswath.db",
        "band9",
        "%ff",
    ],
)
def test_no_file_is_given_but_the_items_own(world: World, name: str) -> None:
    assert_refused(world.owner.http.get(f"{ITEM}/assets/{name}"), 404)


def test_a_signed_link_opens_its_own_item_as_long_as_it_holds(world: World) -> None:
    href = world.owner.get(ITEM)["assets"]["thumbnail"]["href"]
    assert world.visitor.get(href).content == IMAGE
    address, _, token = href.partition("?token=")
    ends, _, digest = token.partition("-")
    longer = f"{int(ends, 16) + 3_600:x}-{digest}"
    for forged in (longer, f"zz-{digest}", f"-{digest}", ends, "-", "é-ü", "\0", token[:-1]):
        assert_refused(world.visitor.get(address, params={"token": forged}), 401, "read the item again")
    other = address.replace("/IMAGE/", "/ANOTHER/")
    assert_refused(world.visitor.get(other, params={"token": token}), 401, "read the item again")


NINES = "9" * 5_000


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("bytes=999999-", 416),
        ("bytes=-0", 416),
        (f"bytes={NINES}-", 416),
        (f"bytes=0-{NINES}", 206),
        (f"bytes=-{NINES}", 206),
        ("bytes=5-1", 200),
        ("bytes=a-b", 200),
        ("bytes=-", 200),
        ("lines=0-5", 200),
    ],
    ids=lambda value: str(value)[:16],
)
def test_a_range_is_served_refused_or_passed_over(world: World, asked: str, status: int) -> None:
    assert world.owner.http.get(FILE, headers={"range": asked}).status_code == status
