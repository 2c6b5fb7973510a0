"""Pages about the house: those written by hand, and those that follow from its declarations."""
