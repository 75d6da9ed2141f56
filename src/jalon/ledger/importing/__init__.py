"""Clients, contacts and contracts from files: read, checked line by line, written, reported."""
