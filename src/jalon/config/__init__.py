"""Settings, addresses, the clock, jobs, the command line."""
