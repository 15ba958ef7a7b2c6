"""What keeps a mailbox from being read."""

from backend.mailboxes.choices import Fault


class CannotReadError(Exception):
    """Why a mailbox cannot be read now."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(fault.value)
