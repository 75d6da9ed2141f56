"""Time as agreements count it: civil terms, business days, working time, windows."""
