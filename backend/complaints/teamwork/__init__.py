"""People who work on one case together: who is responsible within the unit, who has it open, who is reminded when, and
what is ticked off. Its verbs are exported by `backend.complaints.actions`."""
