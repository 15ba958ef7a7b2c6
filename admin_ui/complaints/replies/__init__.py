"""Writing to the applicant: approved phrases below a text, and the files that go with a reply."""
