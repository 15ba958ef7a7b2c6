"""The second wall of the map's kept numbers; see `permissions.policies`."""

SECURED: dict[str, str] = {"map_keptcell": "departments && (select app.departments())::bigint[]"}
