"""A stand-in for an Open311 GeoReport v2 endpoint in JSON and in XML: a key, a jurisdiction, services, tokens, requests and its errors.

Errors follow the specification: a list of ``{"code", "description"}`` with 400 for what is missing or wrong, 403 for the key, and
404 for a jurisdiction, service, token or request that is not there.
"""

from __future__ import annotations

from xml.etree import ElementTree as ET

from standins.loopback import Asked, Loopback, Said

KEY, PLACE = "key-of-the-stand-in", "city.example"


class GeoReport(Loopback):
    """The endpoint; with ``tokens`` it answers a post with a token, which has a number when ``give_numbers`` was called."""

    def __init__(self) -> None:
        super().__init__()
        self.services = {"LAMP"}
        self.requests: dict[str, dict[str, str]] = {}
        self.tokens = False
        self.speaks = {"json", "xml"}
        self.given: dict[str, str | None] = {}

    def give_numbers(self) -> None:
        """Let every token have the number of its request."""
        self.given = {token: f"R{index}" for index, token in enumerate(self.given, start=1)}

    def close_request(self, number: str, notes: str) -> None:
        """Close a request, as somebody there would."""
        self.requests[number] |= {"status": "closed", "status_notes": notes}

    def answer(self, asked: Asked) -> Said:
        """Answer as the specification says, in the format that the address ends with."""
        ending = asked.path.rpartition(".")[2]
        if ending not in self.speaks:
            return Said(404, b"<html>no such page</html>")
        said = self._answer(asked)
        if ending == "json" or isinstance(said.body, bytes):
            return said
        names = ("errors", "error") if said.status >= 400 else ("service_requests", "request")
        return Said(said.status, _xml(*names, said.body), {"Content-Type": "text/xml"})

    def _answer(self, asked: Asked) -> Said:
        told = asked.form if asked.method == "POST" else dict(asked.query)
        if told.get("jurisdiction_id") != PLACE:
            return _wrong(404, "jurisdiction_id provided was not found")
        kind, _, name = asked.path.removeprefix("/v2/").rpartition(".")[0].partition("/")
        if asked.method == "POST" and (kind, name) == ("requests", ""):
            return self._post(told)
        if kind == "tokens" and name in self.given:
            number = self.given[name]
            return Said(200, [{"token": name} | ({"service_request_id": number} if number else {})])
        if kind == "requests" and not name:
            return Said(200, [one for one in self.requests.values() if one["service_code"] == told.get("service_code")])
        if kind == "requests" and name in self.requests:
            return Said(200, [self.requests[name]])
        return _wrong(404, "not found")

    def _post(self, told: dict[str, str]) -> Said:
        if told.get("api_key") != KEY:
            return _wrong(403, "api_key was invalid")
        if told.get("service_code") not in self.services:
            return _wrong(404, "service_code provided was not found")
        if not told.get("address_string") and not (told.get("lat") and told.get("long")):
            return _wrong(400, "a location is required")
        if len(told.get("description", "")) > 4_000:
            return _wrong(400, "description is too long")
        number = f"R{len(self.requests) + 1}"
        kept = {name: told[name] for name in ("service_code", "description", "address_string")}
        self.requests[number] = kept | {"service_request_id": number, "status": "open", "status_notes": ""}
        if self.tokens:
            self.given[f"T{number}"] = None
            return Said(201, [{"token": f"T{number}"}])
        return Said(201, [{"service_request_id": number, "service_notice": None, "account_id": None}])


def _xml(root: str, name: str, rows: list[dict[str, object]]) -> bytes:
    """Return rows as the specification lays them out: fields as elements, what is not known as an empty one."""
    top = ET.Element(root)
    for row in rows:
        one = ET.SubElement(top, name)
        for field, value in row.items():
            ET.SubElement(one, field).text = None if value is None else str(value)
    return ET.tostring(top, encoding="utf-8", xml_declaration=True)


def _wrong(status: int, description: str) -> Said:
    return Said(status, [{"code": status, "description": description}])
