"""What is promised in seconds and megabytes, measured beside a baseline in the same run."""
