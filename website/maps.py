"""Maps of the site: where a pin is put, and from where applications come. Without scripts words say the same."""

from __future__ import annotations

import json
from typing import Any

from csp.decorators import csp_update
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _

from website import api

FILES = {
    "leaflet.js": "admin_ui/map/leaflet/leaflet.js",
    "leaflet.css": "admin_ui/map/leaflet/leaflet.css",
    "pmtiles.js": "admin_ui/map/pmtiles/pmtiles.js",
    "protomaps-leaflet.js": "admin_ui/map/pmtiles/protomaps-leaflet.js",
}


def _background(request: HttpRequest) -> dict[str, Any] | None:
    found: dict[str, Any] | None = api.public(request, "map_background")["publicMapBackground"]
    return found


def map_data(request: HttpRequest) -> str:
    """Return what `okMap.create` reads of `data-map`, as JSON."""
    return json.dumps(
        {
            "ground": reverse("map_outlines").removesuffix("outlines.json"),
            "tiles": _background(request),
            "files": {name: static(path) for name, path in FILES.items()},
            "words": {
                "closer": _("Closer"),
                "farther": _("Farther away"),
                "register": _("Streets: the register of the municipality"),
                "no_background": _("The background of the map cannot be reached."),
                "not_now": _("This part of the map is not answered now. Please try again in a moment."),
                "pin": _("The pin: move it with the arrow keys, Delete takes it away"),
                "pinned": _("The pin is set: %s"),
                "unpinned": _("There is no pin."),
                "few": _("few"),
            },
        },
        ensure_ascii=False,
    )


def admitted(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Admit the host of the background in the policy of a page with a map; without one nothing is asked outside."""
    found = _background(request)
    if not found or not found["origin"]:
        return response
    directive = "connect-src" if found["kind"] == "PMTILES" else "img-src"
    return csp_update({directive: [found["origin"]]})(lambda _request: response)(request)


def public_map(request: HttpRequest) -> dict[str, Any]:
    """What is published: since when, until when, and the cells as the script draws them."""
    found = api.public(request, "map")["publicMap"]
    cells = [
        {
            "box": [one["south"], one["west"], one["north"], one["east"]],
            "value": one["received"],
            "label": _("%(count)s applications or a few more") % {"count": one["received"]},
        }
        for one in found["cells"]
    ]
    return {**found, "cells": cells}
