"""What may happen to offices, their holders and the orders of precedence: one keyword-only function a verb."""

from backend.protocol.actions.offices import appoint, end_holding, save_office
from backend.protocol.actions.precedence import establish_list, rewrite, take_snapshot, withdraw_list
from backend.protocol.actions.snapshots import move_in_snapshot
