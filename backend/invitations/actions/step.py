"""What all actions are made of: the conditional move of the row and the line of the story."""

from backend.invitations.models import InvitationLine
from backend.invitations.moves import invitation_action
from backend.journal.state_machine import StateMachine

_saying = StateMachine(line=InvitationLine, of="invitation", moves=invitation_action)
write_line, move = _saying.write_line, _saying.move
