"""What can happen: the catalogue of fact kinds, one module a family, and the envelope every fact carries."""
