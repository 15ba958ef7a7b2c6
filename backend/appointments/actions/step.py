"""What all actions are made of: the conditional move of the row and the line of the story."""

from django.utils.translation import gettext_lazy as _

from backend.appointments.models import RequestLine
from backend.appointments.moves import MOVES
from backend.appointments.story import TELLS
from backend.journal.moves import Saying

_saying = Saying(
    line=RequestLine,
    of="request",
    moves=MOVES,
    tells=TELLS,
    meanwhile=_("Somebody else has changed this request in the meantime. Reload the page."),
)
write_line, move, changed_meanwhile = _saying.write_line, _saying.move, _saying.changed_meanwhile
