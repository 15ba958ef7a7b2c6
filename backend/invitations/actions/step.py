"""What all actions are made of: the conditional move of the row and the line of the story."""

from django.utils.translation import gettext_lazy as _

from backend.invitations.models import InvitationLine
from backend.invitations.moves import invitation_action
from backend.journal.state_machine import StateMachine

_saying = StateMachine(
    line=InvitationLine,
    of="invitation",
    moves=invitation_action,
    meanwhile=_("Another user has changed this invitation in the meantime. Reload the page."),
)
write_line, move = _saying.write_line, _saying.move
