"""The agreement as data: its model, its hardened loading, its linter."""
