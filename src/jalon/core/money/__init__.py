"""Amounts of money, exact."""
