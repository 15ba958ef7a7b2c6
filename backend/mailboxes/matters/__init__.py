"""What is written about a matter from its page, and what follows from a mail that becomes part of one."""
