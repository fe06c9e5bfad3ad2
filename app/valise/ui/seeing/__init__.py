"""A text seen from further away, and the silence procedure: what the workbench opens beside the text itself."""
