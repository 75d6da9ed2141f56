"""Mails: written to an outbox with the change that causes them, sent afterwards by the worker, each once."""
