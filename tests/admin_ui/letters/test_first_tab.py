"""The registers of letters open on the first tab that holds something."""

from __future__ import annotations

from tests.cast import Cast, signed_in
from tests.factories import make_letter

LIST = "/admin/letters/letter/"


def test_the_registers_open_where_there_is_something(cast: Cast) -> None:
    client = signed_in(cast.secretary)
    assert client.get(LIST).status_code == 200
    make_letter(cast.office, cast.mayor, by=cast.secretary, subject="Ağaç Bakımı")
    assert "Ağaç Bakımı" not in client.get(f"{LIST}?tab=turn").content.decode()
    assert "Ağaç Bakımı" in client.get(LIST).content.decode()
