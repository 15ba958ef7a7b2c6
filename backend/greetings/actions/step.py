"""What all actions are made of: the conditional move of the row and the line of the story."""

from django.utils.translation import gettext_lazy as _

from backend.greetings.models import BatchLine
from backend.greetings.moves import batch_action
from backend.journal.state_machine import StateMachine

_saying = StateMachine(
    line=BatchLine,
    of="batch",
    moves=batch_action,
    meanwhile=_("Another user has changed this batch in the meantime. Reload the page."),
)
write_line, move = _saying.write_line, _saying.move
