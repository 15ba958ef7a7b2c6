"""What all actions are made of: the conditional move of the row and the line of the story."""

from backend.journal.state_machine import StateMachine
from backend.letters.models import LetterLine
from backend.letters.moves import letter_action
from backend.notifications import staff

_saying = StateMachine(
    line=LetterLine,
    of="letter",
    moves=letter_action,
    moved=staff.settle,
    turns=frozenset({"turn_of", "turn_of_id"}),
)
write_line, move = _saying.write_line, _saying.move
