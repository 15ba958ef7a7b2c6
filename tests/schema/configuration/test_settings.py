"""Settings through GraphQL: everybody reads who the municipality is; Bilgi İşlem and the head change it."""

from __future__ import annotations

from tests.cast import Cast
from tests.schema.client import Asking

MUNICIPALITY = "{ publicMunicipality { name legalName phone phoneLink colour accent crestUrl web } }"
SETTINGS = "{ officeSettings { name label section value isDefault } }"
CHANGES = "{ settingChanges(first: 5) { nodes { name before after revision at by { lastName } } } }"
FIELDS = "settings { name value isDefault }"


def changed(asking: Asking, **texts: str) -> dict:
    settings = [{"name": name, "value": value} for name, value in texts.items()]
    return asking.does("officeSettingsChange", FIELDS, settings=settings)


def test_everybody_reads_who_the_municipality_is(ask, cast: Cast):
    before = Asking(None).data(MUNICIPALITY)["publicMunicipality"]
    assert (before["name"], before["phoneLink"]) == ("Sancaktepe Belediyesi", "tel:+902163111111")
    assert changed(ask.administrator, MUNICIPALITY_NAME="Iğdır Belediyesi")["errors"] == []
    assert Asking(None).data(MUNICIPALITY)["publicMunicipality"]["name"] == "Iğdır Belediyesi"


def test_bilgi_islem_and_the_head_change_settings_and_others_do_not(ask, cast: Cast):
    for asking, days in ((ask.administrator, "40"), (ask.office_head, "41")):
        answer = changed(asking, REOPEN_DAYS=days)
        assert answer["errors"] == []
        assert {"name": "HEAD_MAY_APPROVE", "value": "false", "isDefault": True} in answer["settings"]
    for asking in (ask.secretary, ask.fen_head, ask.mayor, ask.portal):
        [error] = changed(asking, REOPEN_DAYS="50")["errors"]
        assert error["code"] == "FORBIDDEN"
        assert asking.data(SETTINGS)["officeSettings"] is None
    rows = ask.administrator.data(CHANGES)["settingChanges"]["nodes"]
    assert [(row["before"], row["after"]) for row in rows] == [("40", "41"), ("30", "40")]


def test_all_faults_of_an_input_are_told_at_once(ask, cast: Cast):
    answer = changed(ask.administrator, REOPEN_DAYS="x", MUNICIPALITY_EMAIL="y", NOTHING="z")
    fields = {error["field"] for error in answer["errors"]}
    assert fields == {"REOPEN_DAYS", "MUNICIPALITY_EMAIL", "NOTHING"}
    assert answer["settings"] is None
    assert ask.administrator.data(CHANGES)["settingChanges"]["nodes"] == []
