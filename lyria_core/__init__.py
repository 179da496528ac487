"""Thin client of the Lyria models behind the Pixazo gateway."""
