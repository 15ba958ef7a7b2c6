"""What all actions are made of: the conditional move of the row and the line of the story."""

from django.utils.translation import gettext_lazy as _

from backend.engagements.models import EngagementLine
from backend.engagements.moves import engagement_action
from backend.journal.state_machine import StateMachine

_saying = StateMachine(
    line=EngagementLine,
    of="engagement",
    moves=engagement_action,
    meanwhile=_("Another user has changed this file in the meantime. Reload the page."),
)
move, write_line = _saying.move, _saying.write_line
