"""Jalon runs a customer-success agreement: agreement + facts -> obligations; nothing else is true."""
