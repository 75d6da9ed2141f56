"""The pure core: no Django, no clock, no network, no files, no randomness. Values in, values out."""
