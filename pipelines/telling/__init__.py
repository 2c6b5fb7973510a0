"""Telling people what is wrong, and machines what is new."""
