"""Formats of dates and numbers that Django's own widgets use."""
