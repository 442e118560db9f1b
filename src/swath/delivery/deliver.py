"""The delivery job: from the scene that mission control handed over to an item in the catalogue."""

from datetime import datetime

from swath.delivery.assets import AssetStore, image_key, scene_key
from swath.delivery.images import build_images
from swath.delivery.item import Document, Subject, build_asset, build_item
from swath.delivery.scene import PARTS, Scene, parse_scene
from swath.tasking import captures
from swath.tasking.model import CaptureStatus, CatalogItem, DueWork
from swath.tasking.ports import Reader, Store
from swath.tasking.rules import Rules


def deliver(store: Store, rules: Rules, assets: AssetStore, due: DueWork, now: datetime) -> None:
    """Make the images of a capture and publish them, together with the end of this row of due work.

    Everything slow happens outside any transaction, under keys that follow from the capture: doing it twice
    leaves the same files. Raises NotFound for a capture or a part of its scene that is not there, Invalid
    for a part that cannot be used.
    """
    with store.read() as reader:
        subject = _find_subject(reader, rules, due.subject)
    waiting = subject.capture.status == CaptureStatus.DOWNLINKED
    item = make_item(assets, subject, now) if waiting else None
    with store.begin() as uow:
        if uow.finish_due(due.id, now) and item is not None:
            captures.publish(uow, subject.capture.id, item, now)


def make_item(assets: AssetStore, subject: Subject, now: datetime) -> CatalogItem:
    """Make and keep the nine images of a capture and describe them; takes about two seconds."""
    scene = _load_scene(assets, subject.capture.id)
    described: dict[str, Document] = {}
    gsd_m = float(subject.capture.seen["gsd_m"])
    for image in build_images(scene):
        key = image_key(subject.satellite.collection, subject.item_id, image.file)
        assets.put(key, image.body, image.media_type)
        described[image.key] = build_asset(image, key, subject.satellite, gsd_m)
    return build_item(subject, described, scene.udm, scene.simulated, now)


def _find_subject(reader: Reader, rules: Rules, capture_id: str) -> Subject:
    capture = captures.find_capture(reader, capture_id)
    return Subject(capture, rules.fleet.satellites[capture.chance.satellite])


def _load_scene(assets: AssetStore, capture_id: str) -> Scene:
    return parse_scene({part: assets.get(scene_key(capture_id, part)) for part in PARTS})
