"""What all actions are made of: the conditional move of the row and the line of the story."""

from backend.engagements.models import EngagementLine
from backend.engagements.moves import engagement_action
from backend.journal.state_machine import StateMachine

_saying = StateMachine(line=EngagementLine, of="engagement", moves=engagement_action)
move, write_line = _saying.move, _saying.write_line
