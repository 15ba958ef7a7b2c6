"""The mail with which the owner of an account chooses a password."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction

from backend.organization.models import User
from backend.outbox import actions as outbox
from backend.outbox.models import ACCOUNT_LINK, Message


@transaction.atomic
def send_account_link(user: User, *, link: str) -> bool:
    """Send the owner the link by e-mail; returns False where the account has no address.

    The link is a secret: the outbox forgets the text once it has left or has failed for good.
    """
    if not user.email or user.is_program:
        return False
    days = settings.PASSWORD_RESET_TIMEOUT // (24 * 3600)
    context = {"link": link, "name": user.get_full_name(), "username": user.username, "days": days}
    subject, body = outbox.render("notifications/mail/account_link.txt", context)
    outbox.post(
        channel=Message.Channel.EMAIL, address=user.email, subject=subject, body=body, purpose=ACCOUNT_LINK
    )
    return True
