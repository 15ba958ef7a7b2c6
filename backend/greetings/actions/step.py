"""What all actions are made of: the conditional move of the row and the line of the story."""

from backend.greetings.models import BatchLine
from backend.greetings.moves import batch_action
from backend.journal.state_machine import StateMachine

_saying = StateMachine(line=BatchLine, of="batch", moves=batch_action)
write_line, move = _saying.write_line, _saying.move
