"""Continuity (clause 3.9): backups that are verified, restores that are refused unless whole, drills whose result is evidence."""
