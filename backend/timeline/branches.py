"""Sources of timeline moments of a person or an organisation: one part of the view per source.

The parts read the domains' own tables as the viewer (`security_invoker`), so that row security holds in each; the
right to know the person behind a case or a request is checked here too, since policies hide rows and not relations.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from backend.timeline.choices import Kind

VIEW = "timeline_moment"
EDGES = (
    "complaint",
    "request",
    "entry",
    "promise",
    "letter",
    "instruction",
    "engagement",
    "agreement",
    "role",
    "event",
    "guest",
    "greeting",
    "invitation",
)
PARTS = 64
"""Numbers for parts of the view; a moment's number is that of its row times this, and the part's."""

HOUSE = "(select app.acts_for_office())"
KNOWN_CASE = f"""({HOUSE} OR (NOT c.identity_hidden AND (
    c.responsible_department_id = any ((select app.contact_departments())::bigint[])
    OR c.collaborators && (select app.contact_departments())::bigint[])))"""
KNOWN_REQUEST = f"""({HOUSE} OR r.principal_id = any ((select app.kept_programmes())::bigint[])
    OR r.department_id = any ((select app.contact_departments())::bigint[]))"""
LETTER = {
    "at": "coalesce(l.signed_at, l.drafted_at)",
    "reference": "coalesce(nullif(l.document_number, ''), l.reference)",
    "title": "l.subject",
    "key": "l.key",
}
CASE = {"at": "c.registered_at", "reference": "c.reference", "title": "c.subject", "key": "c.key"}
ENGAGEMENT = {"at": "g.starts_at", "reference": "g.reference", "title": "g.title", "key": "g.key"}
EVENT = {"reference": "e.reference", "title": "e.title", "key": "e.key"}
AT_EVENT = "events_guest g JOIN events_event e ON e.id = g.event_id"
ON_LIST = f"{AT_EVENT} WHERE g.status <> 'LEFT' AND e.status <> 'CANCELLED'"
SEAT = """(SELECT w.label || '-' || s.number FROM seating_planseat s JOIN seating_planrow w ON w.id = s.row_id
    WHERE s.guest_id = g.id AND s.kind = 'GUEST')"""
REQUEST = {"reference": "r.reference", "title": "r.subject", "key": "r.key"}


@dataclass(frozen=True)
class Part:
    """One SELECT of the view; `row` is the number that makes its moments unique."""

    number: int
    kind: Kind
    row: str
    at: str
    reference: str
    title: str
    key: str
    source: str
    person: str = ""
    organisation: str = ""
    seat: str = "''"
    edges: dict[str, str] = field(default_factory=dict)

    def select(self) -> str:
        edges = [f"{self.edges.get(name, 'NULL')}::bigint AS {name}_id" for name in EDGES]
        columns = [
            f"{self.row} * {PARTS} + {self.number} AS id",
            f"'{self.kind.value}'::varchar AS kind",
            f"({self.at})::timestamptz AS at",
            f"({self.reference})::varchar AS reference",
            f"({self.title})::varchar AS title",
            f"({self.key})::uuid AS key",
            f"{self.person or 'NULL'}::bigint AS person_id",
            f"{self.organisation or 'NULL'}::bigint AS organisation_id",
            f"coalesce({self.seat}, '')::varchar AS seat",
            *edges,
        ]
        return f"SELECT {', '.join(columns)} FROM {self.source}"  # noqa: S608 - made of constants


BRANCHES = (
    Part(
        1,
        Kind.COMPLAINT,
        "c.id",
        **CASE,
        person="c.applicant_id",
        edges={"complaint": "c.id"},
        source=f"complaints_complaint c WHERE c.applicant_id IS NOT NULL AND {KNOWN_CASE}",
    ),
    Part(
        2,
        Kind.COMPLAINT,
        "c.id",
        **CASE,
        person="c.on_behalf_of_id",
        edges={"complaint": "c.id"},
        source=f"complaints_complaint c WHERE c.on_behalf_of_id IS NOT NULL AND {KNOWN_CASE}",
    ),
    Part(
        3,
        Kind.REQUEST,
        "r.id",
        at="r.registered_at",
        **REQUEST,
        person="r.applicant_id",
        edges={"request": "r.id"},
        source=f"appointments_appointmentrequest r WHERE r.applicant_id IS NOT NULL AND {KNOWN_REQUEST}",
    ),
    Part(
        4,
        Kind.APPOINTMENT,
        "r.id",
        at="e.starts_at",
        **REQUEST,
        person="r.applicant_id",
        edges={"request": "r.id", "entry": "e.id"},
        source="appointments_appointmentrequest r JOIN programme_entry e ON e.id = r.entry_id"
        f" WHERE e.status IN ('CONFIRMED', 'DONE') AND {KNOWN_REQUEST}",
    ),
    Part(
        5,
        Kind.VISIT,
        "v.id",
        at="v.at",
        **REQUEST,
        person="r.applicant_id",
        edges={"request": "r.id"},
        source="appointments_visit v JOIN appointments_appointmentrequest r ON r.id = v.request_id"
        f" WHERE {KNOWN_REQUEST}",
    ),
    Part(
        6,
        Kind.PROMISE,
        "p.id",
        at="p.made_at",
        reference="r.reference",
        title="p.text",
        key="p.key",
        person="r.applicant_id",
        edges={"promise": "p.id", "request": "r.id"},
        source="appointments_promise p JOIN appointments_appointmentrequest r ON r.id = p.request_id"
        f" WHERE {KNOWN_REQUEST}",
    ),
    Part(
        7,
        Kind.LETTER,
        "a.id",
        **LETTER,
        person="a.citizen_id",
        edges={"letter": "l.id"},
        source="letters_addressee a JOIN letters_letter l ON l.id = a.letter_id"
        " WHERE a.citizen_id IS NOT NULL AND l.status <> 'CANCELLED'",
    ),
    Part(
        8,
        Kind.LETTER,
        "a.id",
        **LETTER,
        organisation="o.id",
        edges={"letter": "l.id"},
        source="letters_addressee a JOIN letters_letter l ON l.id = a.letter_id"
        " JOIN partners_organisation o ON o.body_id = a.body_id WHERE l.status <> 'CANCELLED'",
    ),
    Part(
        9,
        Kind.LETTER,
        "l.id",
        **LETTER,
        organisation="o.id",
        edges={"letter": "l.id"},
        source="letters_letter l JOIN partners_organisation o ON o.body_id = l.body_of_sender_id",
    ),
    Part(
        10,
        Kind.INSTRUCTION,
        "i.id",
        at="i.said_at",
        reference="i.reference",
        title="i.subject",
        key="i.key",
        person="c.applicant_id",
        edges={"instruction": "i.id", "complaint": "c.id"},
        source=f"instructions_instruction i JOIN complaints_complaint c ON c.id = i.complaint_id WHERE {KNOWN_CASE}",
    ),
    Part(
        11,
        Kind.INSTRUCTION,
        "i.id",
        at="i.said_at",
        reference="i.reference",
        title="i.subject",
        key="i.key",
        person="r.applicant_id",
        edges={"instruction": "i.id", "request": "r.id"},
        source="instructions_instruction i JOIN appointments_appointmentrequest r ON r.id = i.request_id"
        f" WHERE {KNOWN_REQUEST}",
    ),
    Part(
        12,
        Kind.FORWARDING,
        "f.id",
        at="f.forwarded_on::timestamp AT TIME ZONE 'Europe/Istanbul'",
        reference="c.reference",
        title="c.subject",
        key="c.key",
        organisation="o.id",
        edges={"complaint": "c.id"},
        source="complaints_forwarding f JOIN complaints_complaint c ON c.id = f.complaint_id"
        " JOIN partners_organisation o ON o.body_id = f.body_id",
    ),
    Part(
        13,
        Kind.ROLE,
        "m.id",
        at="coalesce(m.valid_from::timestamp AT TIME ZONE 'Europe/Istanbul', m.recorded_at)",
        reference="''",
        title="m.title",
        key="m.key",
        person="m.person_id",
        organisation="m.organisation_id",
        edges={"role": "m.id"},
        source="partners_role m",
    ),
    Part(
        14,
        Kind.ENGAGEMENT,
        "g.id",
        **ENGAGEMENT,
        organisation="g.organisation_id",
        edges={"engagement": "g.id"},
        source="engagements_engagement g WHERE g.organisation_id IS NOT NULL AND g.status <> 'CANCELLED'",
    ),
    Part(
        15,
        Kind.ENGAGEMENT,
        "t.id",
        **ENGAGEMENT,
        person="m.person_id",
        edges={"engagement": "g.id", "role": "m.id"},
        source="engagements_attendee t JOIN engagements_engagement g ON g.id = t.engagement_id"
        " JOIN partners_role m ON m.id = t.role_id WHERE g.status <> 'CANCELLED'",
    ),
    Part(
        16,
        Kind.AGREEMENT,
        "y.id",
        at="coalesce(a.signed_on::timestamp AT TIME ZONE 'Europe/Istanbul', a.drafted_at)",
        reference="a.reference",
        title="a.title",
        key="a.key",
        organisation="y.organisation_id",
        edges={"agreement": "a.id"},
        source="agreements_agreementparty y JOIN agreements_agreement a ON a.id = y.agreement_id",
    ),
)

AS_GUEST = (
    Part(
        17,
        Kind.GUEST,
        "g.id",
        at="e.starts_at",
        **EVENT,
        person="g.person_id",
        seat=SEAT,
        edges={"event": "e.id", "guest": "g.id"},
        source=ON_LIST,
    ),
    *(
        Part(
            number,
            kind,
            "g.id",
            at=at,
            **EVENT,
            person="g.person_id",
            edges={"event": "e.id", "guest": "g.id"},
            source=f"{AT_EVENT} WHERE {at} IS NOT NULL",
        )
        for number, kind, at in (
            (18, Kind.INVITED, "coalesce(g.messaged_at, g.printed_at)"),
            (19, Kind.ANSWERED, "g.answered_at"),
            (20, Kind.CAME, "g.arrived_at"),
        )
    ),
    Part(
        21,
        Kind.GREETING,
        "r.id",
        at="r.settled_at",
        reference="''",
        title="o.name",
        key="b.key",
        person="r.citizen_id",
        edges={"greeting": "r.id"},
        source="greetings_recipient r JOIN greetings_batch b ON b.id = r.batch_id"
        " JOIN greetings_occasion o ON o.id = r.occasion_id"
        " WHERE r.citizen_id IS NOT NULL AND r.outcome = 'SENT' AND r.settled_at IS NOT NULL",
    ),
)
"""Invitations and greetings of a person, visible to viewers of the respective list."""

ASKED = "appointments_appointmentrequest r"
INVITED = "invitations_invitation v"
INVITATION = {"reference": "v.reference", "title": "v.title", "key": "v.key"}
SAID = {"at": "i.said_at", "reference": "i.reference", "title": "i.subject", "key": "i.key"}
NOT_TO_ITS_BODY = """l.status <> 'CANCELLED' AND NOT EXISTS (SELECT FROM partners_organisation o
    WHERE o.id = {partner} AND (o.body_id = l.body_of_sender_id OR EXISTS (SELECT FROM letters_addressee a
        WHERE a.letter_id = l.id AND a.body_id = o.body_id)))"""
"""A letter to the outside body that the organisation is, or of it, stands there as such."""

NAMED_AT = """(SELECT min(id) AS id, event_id, organisation_id FROM events_eventpartner
    GROUP BY event_id, organisation_id) p"""
NAMED_ONCE = """NOT EXISTS (SELECT FROM partners_organisation o JOIN events_eventpartner x ON x.event_id = p.event_id
    JOIN partners_organisation y ON y.id = x.organisation_id
    WHERE o.id = p.organisation_id AND o.merged_into_id IS NOT NULL AND y.id <> o.id
      AND y.id = ANY (app.organisations_of(ARRAY[o.id])) AND (y.merged_into_id IS NULL OR x.id < p.id))"""
"""An event is one moment of an organisation, whatever its roles there and whichever of its records are named."""

OF_PARTNERS = (
    Part(
        22,
        Kind.REQUEST,
        "r.id",
        at="r.registered_at",
        **REQUEST,
        organisation="r.partner_id",
        edges={"request": "r.id"},
        source=f"{ASKED} WHERE r.partner_id IS NOT NULL",
    ),
    Part(
        23,
        Kind.APPOINTMENT,
        "r.id",
        at="e.starts_at",
        **REQUEST,
        organisation="r.partner_id",
        edges={"request": "r.id", "entry": "e.id"},
        source=f"{ASKED} JOIN programme_entry e ON e.id = r.entry_id"
        " WHERE r.partner_id IS NOT NULL AND e.status IN ('CONFIRMED', 'DONE')",
    ),
    Part(
        24,
        Kind.VISIT,
        "v.id",
        at="v.at",
        **REQUEST,
        organisation="r.partner_id",
        edges={"request": "r.id"},
        source=f"appointments_visit v JOIN {ASKED} ON r.id = v.request_id WHERE r.partner_id IS NOT NULL",
    ),
    Part(
        25,
        Kind.PROMISE,
        "p.id",
        at="p.made_at",
        reference="r.reference",
        title="p.text",
        key="p.key",
        organisation="r.partner_id",
        edges={"promise": "p.id", "request": "r.id"},
        source=f"appointments_promise p JOIN {ASKED} ON r.id = p.request_id WHERE r.partner_id IS NOT NULL",
    ),
    Part(
        26,
        Kind.INVITATION,
        "v.id",
        at="v.starts_at",
        **INVITATION,
        organisation="v.partner_id",
        edges={"invitation": "v.id"},
        source=f"{INVITED} WHERE v.partner_id IS NOT NULL",
    ),
    Part(
        27,
        Kind.INSTRUCTION,
        "i.id",
        **SAID,
        organisation="r.partner_id",
        edges={"instruction": "i.id", "request": "r.id"},
        source=f"instructions_instruction i JOIN {ASKED} ON r.id = i.request_id WHERE r.partner_id IS NOT NULL",
    ),
    Part(
        28,
        Kind.INSTRUCTION,
        "i.id",
        **SAID,
        organisation="v.partner_id",
        edges={"instruction": "i.id", "invitation": "v.id"},
        source=f"instructions_instruction i JOIN {INVITED} ON v.id = i.invitation_id"
        " WHERE v.partner_id IS NOT NULL",
    ),
    Part(
        29,
        Kind.LETTER,
        "l.id",
        **LETTER,
        organisation="r.partner_id",
        edges={"letter": "l.id", "request": "r.id"},
        source=f"letters_letter l JOIN {ASKED} ON r.id = l.request_id"
        f" WHERE r.partner_id IS NOT NULL AND {NOT_TO_ITS_BODY.format(partner='r.partner_id')}",
    ),
    Part(
        30,
        Kind.LETTER,
        "l.id",
        **LETTER,
        organisation="v.partner_id",
        edges={"letter": "l.id", "invitation": "v.id"},
        source=f"letters_letter l JOIN {INVITED} ON v.id = l.invitation_id"
        f" WHERE v.partner_id IS NOT NULL AND {NOT_TO_ITS_BODY.format(partner='v.partner_id')}",
    ),
    Part(
        31,
        Kind.EVENT,
        "p.id",
        at="e.starts_at",
        **EVENT,
        organisation="p.organisation_id",
        edges={"event": "e.id"},
        source=f"{NAMED_AT} JOIN events_event e ON e.id = p.event_id"
        f" WHERE e.status <> 'CANCELLED' AND {NAMED_ONCE}",
    ),
)
"""Requests and invitations of an organisation, and their results, for viewers of both."""


def view() -> str:
    """The statement that makes the view. The caller drops an older one first: a migration may change its tables."""
    parts = "\nUNION ALL\n".join(part.select() for part in (*BRANCHES, *AS_GUEST, *OF_PARTNERS))
    return f"CREATE VIEW {VIEW} WITH (security_invoker = true) AS\n{parts}"
