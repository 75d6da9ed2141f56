"""From values to words: `say(text)` in the reader's language; dates, money, numbers and durations by locale."""
