"""The Compare screen: making a comparison, hearing it, asking others, and what came of it."""
