"""The composer's knowledge as plain tables: read them, change them, add a row."""
