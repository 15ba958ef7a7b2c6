"""What is done to mails at the incoming desk, and to mailboxes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import strawberry

from backend.mailboxes import actions, models
from backend.mailboxes.moves import Verb, inbound_message_action
from backend.organization.models import Department
from permissions.core import scope
from permissions.core.scope import Action
from permissions.mailboxes import access
from schema.core.action_mutations import action_mutations
from schema.core.nodes import must_load, refetched_row
from schema.core.results import Payload, run_mutation
from schema.core.scalars import values
from schema.core.verbs import optional, required
from schema.mailboxes.types import (
    InboundMessage,
    InboundMessageChannel,
    Mailbox,
    MailboxPurpose,
    MailboxSecurity,
    MailboxSignIn,
    MessageLine,
)


@strawberry.type(description="The mail, as the viewer sees it afterwards.")
class InboundMessagePayload(Payload):
    inbound_message: InboundMessage | None = refetched_row(
        models.InboundMessage, "The mail; null if it left the viewer's sight, or nothing was done."
    )


InboundMessageActions = action_mutations(
    "InboundMessage",
    inbound_message_action,
    models.InboundMessage,
    InboundMessagePayload,
    row="The mail.",
    through={Verb.JOIN: access.join},
)


@strawberry.type(description="The mailbox, as it is now.")
class MailboxPayload(Payload):
    mailbox: Mailbox | None = refetched_row(models.Mailbox, "The mailbox; null if nothing was done.")


@strawberry.input(description="A mailbox, new or changed.")
class MailboxSaveInput:
    id: strawberry.ID | None = optional("The one to change; nothing for a new one.")
    name: str = required("What it is called.")
    address: str = required("Its address; no other mailbox has it.")
    host: str = required("The IMAP server.")
    port: int = required("Its port: 993 with SSL, 143 with STARTTLS.")
    security: MailboxSecurity = required("How the line is encrypted.")
    sign_in: MailboxSignIn = required("How one signs in.")
    login: str = required("The user name.")
    secret: str | None = optional(
        "The password, or the refresh token of OAuth 2, without which a person connects the mailbox in the admin; left"
        " out, the former one stays, unless server, port, encryption, sign-in, user name or provider change."
    )
    client_id: str | None = optional("With OAuth 2: what the provider calls this program.")
    client_secret: str | None = optional("With OAuth 2: the program's secret; left out as `secret` is.")
    authorize_url: str | None = optional("Where consent is asked; left out for Google and Microsoft 365.")
    token_url: str | None = optional("Where tokens are; left out for Google and Microsoft 365 with consent.")
    scope: str | None = optional("What the token is for; left out for Google and Microsoft 365 with consent.")
    folder: str | None = optional("The folder that is read; default INBOX.")
    department: strawberry.ID = required("The unit it belongs to.")
    purpose: MailboxPurpose = required("What its mails are proposed to become.")
    is_active: bool | None = optional("Whether it is read; default true.")
    authserv_id: str | None = optional(
        "The name with which its server begins Authentication-Results; `-` for one that writes none. Left out: the"
        " mailbox's domain or server."
    )


@strawberry.type(description="The line, as it is now.")
class MessageLinePayload(Payload):
    message_line: MessageLine | None = refetched_row(
        models.MessageLine, "The line; null if nothing was done."
    )


@strawberry.input(description="A number for SMS or WhatsApp, new or changed.")
class MessageLineSaveInput:
    id: strawberry.ID | None = optional("The one to change; nothing for a new one.")
    name: str = required("What it is called.")
    channel: InboundMessageChannel = required("SMS or WHATSAPP; it never changes.")
    number: str = required(
        "The number, or a short code of the operators; no other line of the channel has it."
    )
    account: str | None = optional("The phone number ID of WhatsApp.")
    template: str | None = optional(
        "The name of the approved template of WhatsApp with one parameter, for what is written a day after the person"
        " wrote."
    )
    department: strawberry.ID = required("The unit it belongs to.")
    purpose: MailboxPurpose = required("What its messages are proposed to become.")
    secret: str | None = optional(
        "What the gateway proves itself with: its bearer token, or the app secret of WhatsApp. At least 20 letters;"
        " left out, the former one stays."
    )
    token: str | None = optional("The access token of WhatsApp; left out, the former one stays.")
    is_active: bool | None = optional("Whether what comes by it is taken; default true.")
    sends: bool | None = optional(
        "Of SMS: whether ours leave by its gateway, which no other line's do then; default: as it is, and of the first"
        " one true."
    )


def _save(
    model: type[models.Mailbox | models.MessageLine],
    keep: Callable[..., models.Mailbox | models.MessageLine],
    input: MailboxSaveInput | MessageLineSaveInput,
) -> dict[str, Any]:
    with scope.elevated_for(model, Action.CHANGE) as viewer:
        row = must_load(model, input.id, "id") if input.id else None
        department = must_load(Department, input.department, "department")
        facts = {
            name: value for name, value in values(input, "id", "department").items() if value is not None
        }
        saved = keep(row, by=viewer.user, department=department, **facts)
        return {"key": saved.key}


@strawberry.type
class MailboxMutations:
    @strawberry.mutation(description="Add a mailbox, or change one: Bilgi İşlem.")
    def mailbox_save(self, input: MailboxSaveInput) -> MailboxPayload:
        return run_mutation(MailboxPayload, lambda: _save(models.Mailbox, actions.save_mailbox, input))

    @strawberry.mutation(description="Add a number for SMS or WhatsApp, or change one: Bilgi İşlem.")
    def message_line_save(self, input: MessageLineSaveInput) -> MessageLinePayload:
        return run_mutation(MessageLinePayload, lambda: _save(models.MessageLine, actions.save_line, input))
