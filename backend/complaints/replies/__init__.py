"""What goes with a reply, and where it is entered. Its verbs are exported by `backend.complaints.actions`."""
