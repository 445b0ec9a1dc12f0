"""The secret address at which a person's own calendar subscribes to their dates."""
