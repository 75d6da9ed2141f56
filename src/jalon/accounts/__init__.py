"""Clients, contacts and seats, staff and roles, contracts; who may see what. One door to an account: `access.access_account`."""
