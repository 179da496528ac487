"""The nouns of the app as plain dataclasses and pure functions: no database, no network."""
