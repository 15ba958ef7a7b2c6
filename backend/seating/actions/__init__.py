"""What may happen to halls and seating plans: one keyword-only function a verb, each one transaction."""

from backend.seating.actions.halls import save_hall
from backend.seating.actions.placing import keep_free, move, seat_by_rule, unseat
from backend.seating.actions.planning import begin, change, freeze, reopen, set_rows
