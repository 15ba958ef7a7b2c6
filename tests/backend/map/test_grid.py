"""The grid, the squares of streets, and the background of the map: pure functions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.configuration.office import shown_with
from backend.core.errors import DomainError
from backend.map import grid, squares, tiles
from backend.map.tiles import TileKind

degrees = st.floats(min_value=-0.04, max_value=0.04, allow_nan=False)


@given(degrees, degrees, st.integers(9, 17))
def test_a_part_covers_its_corners_with_whole_cells(east: float, north: float, zoom: int) -> None:
    west, south = 29.2, 41.0
    east, north = west + abs(east) * 2 ** (12 - zoom) + 1e-7, south + abs(north) * 2 ** (12 - zoom) + 1e-7
    part, per_degree = grid.area(f"{west},{south},{east},{north}", zoom), grid.scale(zoom)
    assert part.west <= west * per_degree
    assert part.east >= east * per_degree - 1e-6
    assert part.south <= south * per_degree
    assert part.north >= north * per_degree - 1e-6
    assert part.east - part.west <= grid.MOST_ACROSS


def test_cells_become_smaller_with_the_zoom() -> None:
    scales = [grid.scale(zoom) for zoom in range(grid.LEAST_ZOOM, grid.MOST_ZOOM + 1)]
    assert scales == sorted(set(scales))
    for zoom in (grid.LEAST_ZOOM - 1, grid.MOST_ZOOM + 1):
        with pytest.raises(DomainError):
            grid.scale(zoom)


def test_squares_lie_side_by_side() -> None:
    one, east, south = (
        squares.bounds_of(*place) for place in ((19045, 12292), (19046, 12292), (19045, 12293))
    )
    assert one
    assert east
    assert south
    assert one.east == east.west
    assert one.south == south.north
    assert 28.9 < one.west < 29.5
    assert 40.7 < one.south < 41.3
    assert squares.bounds_of(-1, 0) is None
    assert squares.bounds_of(0, 2**squares.ZOOM) is None


@pytest.mark.parametrize(
    ("address", "kind", "origin", "layers"),
    [
        ("https://harita.example/{z}/{x}/{y}.png", TileKind.XYZ, "https://harita.example", ""),
        ("/haritalar/{z}/{x}/{y}.png", TileKind.XYZ, "", ""),
        (
            "https://harita.example:8443/wms?layers=yol,bina&v=1",
            TileKind.WMS,
            "https://harita.example:8443",
            "yol,bina",
        ),
        ("/haritalar/ilce.pmtiles", TileKind.PMTILES, "", ""),
    ],
)
def test_a_background_is_told_by_its_address(address: str, kind: TileKind, origin: str, layers: str) -> None:
    with shown_with({"MAP_TILES": address, "MAP_ATTRIBUTION": "© Örnek"}):
        found = tiles.background()
    assert found is not None
    assert (found.kind, found.origin, found.layers, found.attribution) == (kind, origin, layers, "© Örnek")
    assert "layers" not in found.url.lower()


def test_without_an_address_nothing_is_asked_outside() -> None:
    assert tiles.background() is None
