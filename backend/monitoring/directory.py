"""How the directory of the house stands, in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import timezone
from django.utils.translation import gettext as _

from backend.core.session import system
from backend.monitoring.judging import State
from backend.monitoring.lines import StatusLine, ago, status_line
from backend.organization.models import DirectoryReading
from backend.organization.sign_on import actions as sign_on
from backend.organization.sign_on import ldap, providers
from backend.organization.sign_on.saml import provider as saml

MOST_NAMES = 12
SOON = 30  # days before the end of a certificate
LATE = 45 * 60.0  # seconds: the job reads it every fifteen minutes


def directory_lines() -> Iterator[StatusLine]:
    """The directory of the house, and the local accounts with which one signs in while it is away."""
    title = _("Directory")
    if not (ldap.is_configured() or providers.is_configured()):
        sentence = _("Not set up: all accounts are local.")
        yield status_line("directory", title, State.NOT_SET_UP, sentence)
        return
    with system():
        row = sign_on.reading_so_far()
        local = [user.username for user in sign_on.emergency_accounts()]
        has_administrator = sign_on.has_emergency_administrator()
        unwatched = sign_on.unwatched()
    if not ldap.is_configured():
        sentence = _(
            "People sign in by the provider; no directory is read, so closed accounts stay open here."
        )
        remedy = _("Name the directory in OZELKALEM_SIGN_ON_LDAP_URL (docs/operations/sign-on.md).")
        yield status_line("directory", title, State.ATTENTION, sentence, remedy)
    else:
        yield _reading(title, row, unwatched)
    if saml.is_configured():
        yield _provider(_("Provider of sign-on"))
    names = ", ".join(local[:MOST_NAMES]) + (" …" if len(local) > MOST_NAMES else "")
    state = State.GOOD if has_administrator else State.ATTENTION
    sentence = _("%(count)s can sign in without the directory: %(names)s.") if local else _("There is none.")
    remedy = _("Keep a local account of Bilgi İşlem: without it no one gets in while the directory is away.")
    title = _("Local accounts for emergencies")
    yield status_line("local_accounts", title, state, sentence, remedy, count=len(local), names=names)


def _provider(title: str) -> StatusLine:
    """Whether the provider of SAML can be asked, and for how long its answers can be believed."""
    try:
        ends = max(one.not_valid_after_utc for one in saml.provider().certificates)
    except saml.SetupError as error:
        sentence = _("What is set up of the provider cannot be used, so no one signs in by it.")
        remedy = _("See docs/operations/sign-on.md: %(fault)s")
        return status_line("sign_on_provider", title, State.ATTENTION, sentence, remedy, fault=str(error))
    days = (ends - timezone.now()).days
    state = State.GOOD if days >= SOON else State.ATTENTION
    sentence = _("The certificate of its answers is good for %(days)s more days.")
    remedy = _("Put the provider's new metadata in place before that day, or no one signs in by it.")
    return status_line("sign_on_provider", title, state, sentence, remedy, days=days)


def _reading(title: str, row: DirectoryReading | None, unwatched: int) -> StatusLine:
    if row is None or row.tried_at is None:
        sentence = _("It was not read yet.")
        return status_line("directory", title, State.ATTENTION, sentence, _("See whether the worker runs."))
    age = (timezone.now() - (row.read_at or row.tried_at)).total_seconds()
    if row.fault or row.read_at is None:
        sentence = _(
            "Cannot be read, last %(ago)s ago: no account is closed and no permission changes meanwhile."
        )
        remedy = _("See whether the server answers and the account of the product may read: %(fault)s")
        return status_line(
            "directory", title, State.ATTENTION, sentence, remedy, ago=ago(age), fault=row.fault
        )
    if row.held_back:
        sentence = _("It would close or take from %(count)s people at once; that waits for your word.")
        remedy = _("Look at the preview of the groups of the directory, and apply it if it is right.")
        return status_line("directory", title, State.ATTENTION, sentence, remedy, count=row.held_back)
    if unwatched:
        sentence = _("%(count)s open accounts are known by the provider's id alone: no reading closes them.")
        remedy = _(
            "Set OZELKALEM_SIGN_ON_OIDC_SUBJECT_CLAIM to the directory's id (docs/operations/sign-on.md)."
        )
        return status_line("directory", title, State.ATTENTION, sentence, remedy, count=unwatched)
    state = State.GOOD if age < LATE else State.ATTENTION
    sentence = _("Read %(ago)s ago; %(count)s people.")
    remedy = _("See whether the worker runs.")
    return status_line("directory", title, state, sentence, remedy, ago=ago(age), count=row.people)
