"""The Compare screen: make a comparison, hear it, invite listeners, see the result."""
