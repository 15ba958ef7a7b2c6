"""Clients of Open311 as their users call them: `georeport` reads, `civicbot` reports with its key and reads again.

python open311.py ADDRESS KEY
"""

import json
import sys

from civicbot import Endpoint, Open311Client  # type: ignore[import-not-found]
from georeport import GeoReport  # type: ignore[import-not-found]

address, key = sys.argv[1:]
reader, by_xml = GeoReport(address), GeoReport(address, output_format="xml")
[service] = [one for one in reader.get_service_list() if one["service_code"] == "kaldirim"]
definition = reader.get_service_definition("kaldirim")
bot = Open311Client(Endpoint("sancaktepe", "Sancaktepe", address, write=True))
sent = bot.create_request(
    "kaldirim",
    dry_run=False,
    confirm="SEND",
    api_key=key,
    validate_remote=True,
    lat=41.0021,
    lng=29.2311,
    description="Kaldırımda derin bir çukur var.",
    attributes={"kind": "COMPLAINT"},
)
told = {
    "service": service["service_name"],
    "attributes": [one["code"] for one in definition["attributes"]],
    "by_xml": by_xml.get_service_definition("kaldirim")["service_code"],
    "sent": sent.response,
}
sys.stdout.write(json.dumps(told))
