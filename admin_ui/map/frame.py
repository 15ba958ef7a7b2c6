"""What the script of a map reads: where the ground and a background come from, our files, and its words."""

from __future__ import annotations

import json
from dataclasses import asdict

from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _

from backend.map import tiles
from backend.map.tiles import TileKind

FILES = {
    "leaflet.js": "admin_ui/map/leaflet/leaflet.js",
    "leaflet.css": "admin_ui/map/leaflet/leaflet.css",
    "pmtiles.js": "admin_ui/map/pmtiles/pmtiles.js",
    "protomaps-leaflet.js": "admin_ui/map/pmtiles/protomaps-leaflet.js",
}


def map_data() -> str:
    """Return what `okMap.create` reads of `data-map`, as JSON."""
    background = tiles.background()
    return json.dumps(
        {
            "ground": reverse("map_outlines").removesuffix("outlines.json"),
            "tiles": asdict(background) if background else None,
            "files": {name: static(path) for name, path in FILES.items()},
            "words": {
                "closer": _("Closer"),
                "farther": _("Farther away"),
                "register": _("Streets: the register of the municipality"),
                "no_background": _("The background of the map cannot be reached."),
                "not_now": _("This part of the map is not answered now. Go closer or narrow the list down."),
                "several": _("%s applications at this point"),
                "pin": _("The pin: move it with the arrow keys, Delete takes it away"),
                "pinned": _("The pin is set: %s"),
                "unpinned": _("There is no pin."),
                "few": _("few"),
            },
        },
        ensure_ascii=False,
    )


def sources() -> dict[str, list[str]]:
    """Return what the content policy of a page with a map admits besides this host: the host of the background, and the
    pictures that a script takes out of a file of PMTiles."""
    background = tiles.background()
    if background is None:
        return {}
    host = [background.origin] if background.origin else []
    if background.kind is TileKind.PMTILES:
        return {"img-src": ["blob:"]} | ({"connect-src": ["'self'", *host]} if host else {})
    return {"img-src": host} if host else {}
