"""What is kept: the tables as declared, the archive, frames, vintages and publication.

Nothing here knows Dagster, a publisher or a rule; the rooms above import this one, never
the other way round.
"""
