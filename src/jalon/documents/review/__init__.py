"""The monthly review: described once, said in two languages, as a page and on paper."""
