"""Runs due work: durably over DBOS (`durable`), or at once in the caller's thread (`inline`)."""
