"""Everything that wakes up by itself. The worker (`manage.py worker`) imports this
module and `permissions.jobs`.

Times of day are UTC; Türkiye is three hours ahead all year.

| when                 | what                                  | where              |
|----------------------|---------------------------------------|--------------------|
| after a commit       | send a message of the outbox          | outbox.jobs        |
| when a reply leaves  | who follows its case is notified      | complaints.recalling|
| every minute         | messages that wait without a job      | outbox.jobs        |
| every minute         | the line of SMS, where we open it     | outbox.jobs        |
| 04:25 local, daily   | parts of SMS, after 14 days           | outbox.jobs        |
| every minute         | holds in a programme that ended       | programme.jobs     |
| every minute         | proposals not answered in time        | appointments.jobs  |
| every minute         | applicants are reminded               | appointments.jobs  |
| every minute         | notifications by mail and SMS         | permissions.jobs   |
| every minute         | keepers and principals are reminded   | calendars.jobs     |
| every minute         | webhooks: what happened, to clients   | permissions.jobs   |
| every minute         | mails that came into mailboxes        | mailboxes.jobs     |
| when WhatsApp brings a file | it is fetched, its message joined | mailboxes.lines    |
| every minute         | who has a case open: forgotten        | presence.jobs      |
| every fifteen min.   | calls that never ended: forgotten     | telephone.jobs     |
| every fifteen min.   | departments' notes that are late      | programme.jobs     |
| every fifteen min.   | reminders of cases whose day has come | reminders.jobs     |
| every fifteen min.   | whom an ended case affects too        | submissions.jobs   |
| every hour           | invitations not answered in time      | invitations.jobs   |
| 07:45 local, daily   | dates whose inputs changed            | complaints.jobs    |
| 08:15 local, daily   | warn of deadlines, near and passed    | complaints.jobs    |
| 08:20 local, daily   | remind of promises, near and late     | appointments.jobs  |
| 08:20 local, daily   | submissions that await verification   | submissions.jobs   |
| 08:25 local, daily   | instructions: near, late, unseen      | instructions.jobs  |
| 08:35 local, daily   | guests read anew, reminded; tasks late| events.jobs        |
| 08:40 local, daily   | agreements that end, obligations      | agreements.jobs    |
| 08:45 local, daily   | KVKK applications due; destruction due | retention.warnings |
| 08:10 local, Mondays | figures of the week, to the office     | complaints.reporting   |
| every fifteen min.   | figures of reports are summed up      | complaints.reporting |
| 04:20 local, daily   | cases without a point get theirs       | complaints.locating |
| when the register of places changed | their points are looked for anew | complaints.locating |
| 03:25 local, daily   | figures of reports: compared, mended  | complaints.reporting |
| 00:10 local, daily   | unpaid fees: deemed withdrawn         | complaints.jobs    |
| 02:15 local, daily   | the router learns from closed cases    | triage.jobs        |
| every five minutes   | what it proposes of new cases is kept  | triage.jobs        |
| 04:45 local, daily   | its score is counted, drift is notified| triage.jobs        |
| when it is started   | a batch of greetings, by the hundred   | greetings.jobs     |
| when it is started   | a destruction run, a line at a time   | retention.jobs     |
| when it is asked for | a person is anonymised, all or nothing | retention.forgetting |
| when a file is brought| import of a file                      | complaints.importing|
| when a file is brought| import into the register of places    | places.importing |
| when a list is large | export of a list, as who asked for it  | exports.jobs       |
| 03:55 local, daily   | old exports are deleted               | exports.jobs       |
| when it is asked for | dry run of routing rules              | routing.jobs       |
| 03:35 local, daily   | dry runs of half a year ago: removed  | routing.jobs       |
| 03:50 local, daily   | uploaded files and old reports        | complaints.importing, places.importing |
| every fifteen min.   | accounts follow the directory         | permissions.jobs   |
| every fifteen min.   | notices that could not be delivered   | complaints.jobs    |
| every five minutes   | letters, messages about them and to partners that did not arrive | mailboxes.jobs |
| every hour           | cases of who left a unit: released    | complaints.jobs    |
| every hour           | answers to programs, after a day      | portals.jobs       |
| every hour           | happenings: weeks made and dropped    | journal.jobs       |
| every five seconds   | jobs of a worker that died: again     | core.operation.job_worker |
| 03:30 local, daily   | old finished jobs are removed         | here               |
| 03:35 local, daily   | rejected submissions; where they came from; codes | submissions.jobs   |
| 03:55 local, daily   | open numbers are counted anew         | complaints.reporting   |
| 04:05 local, daily   | cells of the public map, counted anew  | map.jobs           |
| 03:40 local, daily   | notifications seen long ago: removed  | permissions.jobs   |
| 03:42 local, daily   | drafts left for four weeks            | drafts.jobs        |
| 03:44 local, daily   | to whom press releases went, after 90 days | news.jobs     |
| 03:48 local, daily   | reminders that ended a week ago       | reminders.jobs     |
| 03:50 local, daily   | webhook deliveries after 90 days      | permissions.jobs   |
| 03:45 local, daily   | files that belong to no row           | documents.jobs     |
| every 5 minutes      | files that wait for the virus scanner | documents.jobs     |
"""

from __future__ import annotations

from procrastinate import JobContext
from procrastinate.contrib.django import app

from backend.agreements import jobs as agreements_jobs
from backend.appointments import jobs as appointments_jobs
from backend.calendars import jobs as calendars_jobs
from backend.complaints import jobs as complaints_jobs
from backend.complaints.importing import jobs as import_jobs
from backend.complaints.locating import jobs as locating_jobs
from backend.complaints.reporting import jobs as report_jobs
from backend.documents import jobs as documents_jobs
from backend.drafts import jobs as drafts_jobs
from backend.events import jobs as events_jobs
from backend.exports import jobs as exports_jobs
from backend.greetings import jobs as greetings_jobs
from backend.instructions import jobs as instructions_jobs
from backend.invitations import jobs as invitations_jobs
from backend.journal import jobs as journal_jobs
from backend.mailboxes import jobs as mailbox_jobs
from backend.mailboxes.lines import jobs as line_jobs
from backend.map import jobs as map_jobs
from backend.news import jobs as news_jobs
from backend.outbox import jobs as outbox_jobs
from backend.places.importing import jobs as places_jobs
from backend.portals import jobs as portals_jobs
from backend.presence import jobs as presence_jobs
from backend.programme import jobs as programme_jobs
from backend.reminders import jobs as reminders_jobs
from backend.retention import erasure
from backend.retention import jobs as retention_jobs
from backend.retention import warnings as retention_warnings
from backend.routing import jobs as routing_jobs
from backend.submissions import jobs as submissions_jobs
from backend.telephone import jobs as telephone_jobs
from backend.triage import jobs as triage_jobs

__all__ = [
    "agreements_jobs",
    "appointments_jobs",
    "calendars_jobs",
    "complaints_jobs",
    "documents_jobs",
    "drafts_jobs",
    "erasure",
    "events_jobs",
    "exports_jobs",
    "greetings_jobs",
    "import_jobs",
    "instructions_jobs",
    "invitations_jobs",
    "journal_jobs",
    "line_jobs",
    "locating_jobs",
    "mailbox_jobs",
    "map_jobs",
    "news_jobs",
    "outbox_jobs",
    "places_jobs",
    "portals_jobs",
    "presence_jobs",
    "programme_jobs",
    "reminders_jobs",
    "remove_old_jobs",
    "report_jobs",
    "retention_jobs",
    "retention_warnings",
    "routing_jobs",
    "submissions_jobs",
    "telephone_jobs",
    "triage_jobs",
]

KEEP_HOURS = 24 * 30


@app.periodic(cron="30 0 * * *")
@app.task(name="remove_old_jobs", queue="upkeep", queueing_lock="remove_old_jobs", pass_context=True)
async def remove_old_jobs(context: JobContext, timestamp: int) -> None:
    """Jobs that ended more than thirty days ago are removed; failed ones too, the outbox keeps the fault."""
    manager = context.app.job_manager
    await manager.delete_old_jobs(nb_hours=KEEP_HOURS, include_failed=True, include_aborted=True)
