"""Facts at rest: append, read, project. Two doors: `book.append` writes, `book.assessment_of` derives."""
