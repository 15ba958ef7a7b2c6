"""The background of the map, as a page needs it: its kind, its address, whose it is, and the host that is asked."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.configuration.office import configured


class TileKind(models.TextChoices):
    """How squares are asked for."""

    XYZ = "XYZ", _("squares by their numbers")
    WMS = "WMS", _("a map service (WMS)")
    PMTILES = "PMTILES", _("one file (PMTiles)")


@dataclass(frozen=True)
class Tiles:
    """A background. `layers`: of a WMS; `origin`: the host that browsers ask, empty for this one."""

    kind: TileKind
    url: str
    layers: str
    attribution: str
    origin: str


def background() -> Tiles | None:
    """Return the background in force; None: the register's streets are drawn, and nothing is asked outside."""
    address = configured.MAP_TILES
    if not address:
        return None
    parts = urlsplit(address)
    origin = f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""
    if "{z}" in address:
        kind, layers = TileKind.XYZ, ""
    elif ".pmtiles" in parts.path:
        kind, layers = TileKind.PMTILES, ""
    else:
        query = parse_qsl(parts.query)
        kind = TileKind.WMS
        layers = next(value for name, value in query if name.lower() == "layers")
        rest = [(name, value) for name, value in query if name.lower() != "layers"]
        address = urlunsplit(parts._replace(query=urlencode(rest)))
    return Tiles(kind, address, layers, configured.MAP_ATTRIBUTION, origin)
