"""The table of the directory's groups by the API: looked at, kept, applied, by administrators alone."""

from __future__ import annotations

from tests.backend.organization.sign_on.rows import make_person
from tests.cast import Cast
from tests.schema.client import Asking

EFFECTS = "effects { kind username department { name } permission }"


def test_a_line_is_looked_at_kept_applied_and_removed(cast: Cast) -> None:
    make_person("1", "Fen", user=cast.outsider)
    administrator = Asking(cast.administrator)
    departments = administrator.data("{ departments(first: 20) { nodes { id name } } }")["departments"][
        "nodes"
    ]
    [fen] = [one["id"] for one in departments if one["name"] == cast.fen.name]
    line = {"group": "Fen", "department": fen, "permission": "WORK"}
    effect = {"kind": "GIVES", "username": "disarida", "department": {"name": cast.fen.name}}

    fields = f"directoryRule {{ id group permission }} {EFFECTS}"
    looked = administrator.does("directoryRuleSave", fields, **line, dryRun=True)
    assert looked == {"errors": [], "directoryRule": None, "effects": [{**effect, "permission": "WORK"}]}
    kept = administrator.does("directoryRuleSave", fields, **line)["directoryRule"]
    assert (kept["group"], kept["permission"]) == ("Fen", "WORK")
    twice = administrator.does("directoryRuleSave", **line)
    assert [error["code"] for error in twice["errors"]] == ["DUPLICATE"]
    shown = administrator.data("{ directoryEffects { kind username } }")
    assert shown == {"directoryEffects": [{"kind": "GIVES", "username": "disarida"}]}

    assert administrator.does("directoryApply", "count", dryRun=True) == {"errors": [], "count": 1}
    assert administrator.does("directoryApply", "count") == {"errors": [], "count": 1}
    assert administrator.does("directoryApply", "count") == {"errors": [], "count": 0}

    gone = administrator.does("directoryRuleRemove", "effects { kind }", id=kept["id"])
    assert gone["effects"] == [{"kind": "TAKES"}]


def test_for_others_there_is_no_table(cast: Cast) -> None:
    make_person("1", "Fen", user=cast.outsider)
    for user in (cast.secretary, cast.fen_head, cast.mayor, cast.outsider):
        asking = Asking(user)
        assert asking.does("directoryApply")["errors"][0]["code"] == "FORBIDDEN"
        assert asking.data("{ directoryEffects { kind } directoryRules(first: 5) { nodes { group } } }") == {
            "directoryEffects": [],
            "directoryRules": {"nodes": []},
        }
