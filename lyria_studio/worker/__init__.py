"""Takes generations from the intent to the finished track, in the background of the process."""
