"""The client's screens: the same obligations, the same ledger."""
