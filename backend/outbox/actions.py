"""Writing a message to the outbox: in the transaction of the act that it tells of, or not at all."""

from django.template.loader import render_to_string
from django.utils import translation

from backend.outbox.models import Message


def render(template: str, context: dict[str, object]) -> tuple[str, str]:
    """(subject, body) of a mail text: the template's first line is the subject. Always in Turkish."""
    with translation.override("tr"):
        text = render_to_string(template, context)
    subject, _separator, body = text.strip().partition("\n")
    return subject.strip(), body.strip() + "\n"


def post(*, channel: str, address: str, subject: str, body: str, purpose: str) -> Message:
    """Put one message into the outbox and wake the worker when the transaction is committed."""
    from backend.outbox.jobs import deliver

    message = Message.objects.create(
        channel=channel, address=address, subject=subject, body=body, purpose=purpose
    )
    deliver.defer(message_id=str(message.pk))
    return message
