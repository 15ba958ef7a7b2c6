"""Lists that other domains keep, as recipients: who holds which office of the protocol on a day, who is on a list of
partners."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from backend.greetings.actions import Named
from backend.partners.lists import Recipient
from backend.partners.models import Organisation
from backend.protocol.holders import incumbents
from backend.protocol.models import HoldingQuerySet, Office


def of_offices(
    offices: Iterable[Office], on: dt.date | None = None, rows: HoldingQuerySet | None = None
) -> tuple[list[Named], list[Office]]:
    """Holders of these offices on a day (default: today), with the office's title, and the vacant offices. An
    office with several holders yields all of them. `rows`: the holdings visible to the asker."""
    wanted = list(offices)
    result = incumbents(wanted, on, None if rows is None else rows.select_related("person"))
    named, vacant = [], []
    for office in wanted:
        held = result[office.pk]
        holders = held.holders if office.is_collective else [one for one in [held.speaks] if one is not None]
        title, institution = office.short_title[:120], office.institution[:160]
        named += [Named(holding.person, title=title, organisation=institution) for holding in holders]
        if not holders:
            vacant.append(office)
    return named, vacant


def of_partners(
    on_it: Iterable[Recipient], people: Iterable[Recipient]
) -> tuple[list[Named], list[Organisation]]:
    """People of a partner list with their roles, the outside bodies on it without a known contact, and the
    organisations without an addressable person."""
    named = [
        Named(
            person.person,
            role=person.role,
            title=person.title[:120],
            organisation=person.organisation.name[:160] if person.organisation else "",
        )
        for person in people
    ]
    met = {one.role.organisation_id for one in named if one.role}
    alone = [one.organisation for one in on_it if one.organisation and one.organisation.pk not in met]
    bodies = [Named(body=one.body) for one in alone if one.body]
    return [*named, *bodies], [one for one in alone if not one.body]
