"""Documents on paper: data in, a tagged PDF out."""
