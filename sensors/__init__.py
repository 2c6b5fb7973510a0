"""What wakes a run. Each sensor asks cheaply, keeps its place in a cursor, and starts nothing twice."""
