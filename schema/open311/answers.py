"""Answers in the standard's two forms: the same content as JSON, and as XML with a name for every item of a list."""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree

import orjson
from django.http import HttpResponse

TYPES = {"xml": "text/xml; charset=utf-8", "json": "application/json; charset=utf-8"}
ITEMS = {
    "services": "service",
    "service_requests": "request",
    "service_request_updates": "request_update",
    "attributes": "attribute",
    "values": "value",
    "errors": "error",
    "endpoints": "endpoint",
    "formats": "format",
}
"""List -> what one of it is called in XML; JSON has the list alone (the Spark convention)."""
UNSAYABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 has no way to say."""


def respond(name: str, content: Any, format: str, status: int = 200) -> HttpResponse:
    """`content` under the root `name` in XML, or by itself in JSON."""
    if format == "xml":
        body = ElementTree.tostring(element(name, content), encoding="utf-8", xml_declaration=True)
    else:
        body = orjson.dumps(content)
    response = HttpResponse(body, status=status, content_type=TYPES[format])
    response["X-Content-Type-Options"] = "nosniff"
    return response


def element(name: str, content: Any) -> ElementTree.Element:
    """Dictionaries become elements, lists one element an item, None an empty one. All text is escaped."""
    made = ElementTree.Element(name)
    if isinstance(content, dict):
        made.extend(element(key, value) for key, value in content.items())
    elif isinstance(content, list):
        made.extend(element(ITEMS[name], one) for one in content)
    elif isinstance(content, bool):
        made.text = "true" if content else "false"
    elif content is not None:
        made.text = UNSAYABLE.sub("", str(content))
    return made
