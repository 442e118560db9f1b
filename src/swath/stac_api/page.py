"""A plain page about the catalogue, for people."""

from html import escape


def build_page(base: str) -> str:
    """A plain page that says where to begin; nothing on it comes from elsewhere."""
    home = escape(base, quote=True)
    return (
        "<!doctype html><html lang=en><meta charset=utf-8><title>swath catalogue</title>"
        "<h1>Images delivered by swath</h1>"
        f"<p>A STAC API. Point pystac-client, QGIS or a STAC browser at <a href='{home}'>{home}</a> with a "
        "token of the scope <code>catalog</code>.</p>"
        f"<p>All operations: <a href='{home}/api'>OpenAPI description</a>. "
        f"What can be filtered by: <a href='{home}/queryables'>queryables</a>.</p></html>"
    )
