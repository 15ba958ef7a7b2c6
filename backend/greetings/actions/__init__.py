"""What may happen to greetings: one keyword-only function a verb, named as the verb, each one transaction."""

from backend.greetings.actions.occasions import begin, make_occasion
from backend.greetings.actions.personal_days import forget_day, forget_preference, keep_day, prefer
from backend.greetings.actions.preparing import Named, add, cancel, prepare, remove, write
from backend.greetings.actions.running import decide, send_test, start, stop
