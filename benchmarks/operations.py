"""What is measured: the operations that a screen or a program really asks for."""

INBOX = """query Inbox {
  complaints(first: 50, filter: {condition: [OPEN]}, orderBy: {field: TARGET_ON}) {
    totalCount
    nodes {
      id reference subject status priority targetOn registeredAt
      category { name } neighbourhood { name } responsibleDepartment { shortName }
      applicant { firstName lastName }
      lines(first: 3) { verb at note actor { fullName } }
    }
    pageInfo { hasNextPage endCursor }
  }
}"""

CASE = """query Case($reference: String!) {
  complaint(reference: $reference) {
    reference subject body status priority kind channel regime targetOn legalDueOn deadlineInputs viewerCan
    category { name } neighbourhood { name } place responsibleDepartment { name }
    applicant { firstName lastName phone email address }
    lines(first: 100) { verb at note fromStatus toStatus actor { fullName } department { shortName } }
    routings(first: 50) { department { shortName } role routedAt acceptedAt endedAt end reason }
    comments(first: 50) { at body author { fullName } }
    notices(first: 50) { kind status body means toldAt }
  }
}"""

FLAT = """query Flat($after: String) {
  complaints(first: 100, after: $after, orderBy: {field: REGISTERED_AT, direction: DESC}) {
    nodes { reference subject status targetOn registeredOn place }
    pageInfo { hasNextPage endCursor }
  }
}"""

SEARCH = """query Search($text: String!) {
  complaints(first: 50, search: $text) {
    nodes { reference subject status targetOn responsibleDepartment { shortName } }
    pageInfo { hasNextPage }
  }
}"""

RARE, COMMON = "ığdır ihlamur merdiven", "asfalt"
"""A search that finds little, and one for a frequent word."""

DEEP_PAGES = 100
"""The deep page comes after so many pages of a hundred."""
FLAT_PAGES = 5
