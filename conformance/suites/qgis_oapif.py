"""QGIS without a window as a client: `QT_QPA_PLATFORM=offscreen /usr/bin/python3 qgis_oapif.py BASE TOKEN`.

QGIS comes with the system's Python, not with one of an environment. Its older versions have no way to set a header, so
the token is put on every call by a preprocessor.
"""

import sys
from functools import partial

from counting import Checks, equal
from qgis.core import (
    Qgis,
    QgsApplication,
    QgsFeatureRequest,
    QgsNetworkAccessManager,
    QgsRectangle,
    QgsVectorLayer,
)
from wanted import count, list_collections

base, token = sys.argv[1:3]
EUROPE = (-25.0, 34.0, 45.0, 72.0)


def add_token(request) -> None:
    request.setRawHeader(b"Authorization", f"Bearer {token}".encode())


def open_layer(collection: str) -> QgsVectorLayer:
    size = count(base, token, collection) // 30 + 1
    source = (
        f"url='{base}' typename='{collection}' pagingEnabled='true' pageSize='{size}' srsname='OGC:CRS84'"
    )
    layer = QgsVectorLayer(source, collection, "OAPIF")
    if not layer.isValid():
        raise RuntimeError(layer.error().message() or "the layer is not valid")
    return layer


def read(layer: QgsVectorLayer, request: QgsFeatureRequest) -> int:
    return sum(1 for _ in layer.getFeatures(request))


def check_whole(collection: str) -> object:
    return equal(read(open_layer(collection), QgsFeatureRequest()), count(base, token, collection))


def check_box(collection: str) -> object:
    wanted = count(base, token, collection, bbox=",".join(map(str, EUROPE)))
    found = read(open_layer(collection), QgsFeatureRequest().setFilterRect(QgsRectangle(*EUROPE)))
    return equal(found, wanted)


def check_expression() -> object:
    wanted = count(base, token, "plans", filter="status = 'ACTIVE'")
    request = QgsFeatureRequest().setFilterExpression("\"status\" = 'ACTIVE'")
    return equal(read(open_layer("plans"), request), wanted)


application = QgsApplication([], False)
application.initQgis()
QgsNetworkAccessManager.setRequestPreprocessor(add_token)
checks = Checks()
print("QGIS", Qgis.QGIS_VERSION)
for name in list_collections(base, token):
    checks.check(f"{name}, all", partial(check_whole, name))
    checks.check(f"{name}, box", partial(check_box, name))
checks.check("plans, expression", check_expression)
checks.end()
