"""The demo portfolio: a seeded story and simulated usage, recorded through the same doors as real work."""
