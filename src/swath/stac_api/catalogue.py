"""What the routes stand on, and the catalogue's collections, declared."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from starlette.requests import Request

from swath import wire
from swath.api.collections import Collection, Feature
from swath.api.door import Door
from swath.api.links import Links
from swath.delivery.assets import AssetStore
from swath.errors import NotFound
from swath.fleet import Fleet, Satellite
from swath.query import Page, Query, Record
from swath.stac_api.fields import Fields, pick_fields
from swath.stac_api.items import build_item
from swath.stac_api.parameters import MAX_LIMIT
from swath.stac_api.queryables import QUERYABLES
from swath.stac_api.signing import LinkSigner
from swath.tasking.model import CatalogItem

ROOT_ID, ROOT_TITLE = "swath", "Images delivered by swath"


@dataclass(frozen=True)
class Catalogue:
    """The door, the files behind it, and who is in the fleet.

    Links to files are signed by the door's machine clock: simulated time does not open doors.
    """

    door: Door
    assets: AssetStore
    fleet: Fleet
    signer: LinkSigner

    @cached_property
    def satellites(self) -> Mapping[str, Sequence[Satellite]]:
        """The satellites whose images go to each collection."""
        groups: dict[str, list[Satellite]] = {}
        for satellite in self.fleet.satellites.values():
            groups.setdefault(satellite.collection, []).append(satellite)
        return groups

    @cached_property
    def collections(self) -> Mapping[str, Collection]:
        """One collection for each generation of satellites, by name."""
        return {name: _declare_generation(self, name) for name in self.satellites}

    @cached_property
    def everything(self) -> Collection:
        """All items, as a search finds them."""
        return _declare(self, ROOT_ID, ROOT_TITLE, "Every image that was delivered.", lambda query: query)

    def collection(self, request: Request) -> Collection:
        """The collection that the address names. Raises NotFound, naming those there are."""
        name = request.path_params["collection"]
        if name not in self.collections:
            there_are = ", ".join(self.collections)
            raise NotFound(f"There is no collection {name[:80]!r}; there are {there_are}.")
        return self.collections[name]

    def item(self, collection: str, item_id: str, account_id: str | None) -> CatalogItem | None:
        """One item; `account_id` None is for callers whose right was checked otherwise."""
        with self.door.store.read() as reader:
            return reader.item(collection, item_id, account_id) if "\0" not in collection + item_id else None


def pick(collection: Collection, fields: Fields | None) -> Collection:
    """The collection with those parts of its features alone."""
    if fields is None:
        return collection

    def build(row: CatalogItem, links: Links) -> Feature:
        return pick_fields(collection.build(row, links), fields)

    return replace(collection, build=build)


def _declare_generation(catalogue: Catalogue, name: str) -> Collection:
    def narrow(query: Query) -> Query:
        asked = query.collections
        return replace(query, collections=(name,) if asked is None or name in asked else ())

    made_by = ", ".join(satellite.id for satellite in catalogue.satellites[name])
    description = f"Panchromatic and multispectral images of {made_by}."
    return _declare(catalogue, name, f"Images of {name.upper()}", description, narrow)


def _declare(
    catalogue: Catalogue, name: str, title: str, description: str, narrow: Callable[[Query], Query]
) -> Collection:
    door = catalogue.door

    def find(query: Query, _: datetime) -> Page[Record[CatalogItem]]:
        # The same item with links that end later is shown anew.
        now = door.machine.now()
        ends_s, until = catalogue.signer.compute_end_s(now), catalogue.signer.next_end(now)
        with door.store.read() as reader:
            page = reader.find_items(narrow(query))
        return Page(tuple(Record((ends_s, row.key), row.read) for row in page.rows), page.matched, until)

    def build(item: CatalogItem, links: Links) -> Feature:
        return build_item(item, links, catalogue.signer.sign(item.collection, item.id, door.machine.now()))

    return Collection(
        id=name,
        title=title,
        description=description,
        feature=wire.Feature,
        queryables=QUERYABLES,
        find=find,
        load=lambda item_id, account_id, _: catalogue.item(name, item_id, account_id),
        build=build,
        max_limit=MAX_LIMIT,
    )
