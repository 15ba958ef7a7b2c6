"""What may happen to a letter: one keyword-only function a verb, named as the verb, each one transaction."""

from backend.letters.actions.approving import approve, carry_out, refuse
from backend.letters.actions.delivering import confirm, dispatch, recall, report_undelivered
from backend.letters.actions.incoming import attach, file, receive, refer, remind, reply
from backend.letters.actions.library import save_form_of_address, save_phrase
from backend.letters.actions.registering import record_number, register
from backend.letters.actions.signing import initial, send_back, sign, submit, substitute
from backend.letters.actions.templates import filled, save_template
from backend.letters.actions.writing import cancel, draft, write
