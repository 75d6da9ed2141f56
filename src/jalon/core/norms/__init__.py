"""One module a kind of norm; each turns a norm and the facts into obligations."""
