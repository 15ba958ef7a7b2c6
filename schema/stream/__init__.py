"""GraphQL subscriptions as server-sent events, in a process of their own (`manage.py stream`)."""
