"""What runs, when, wired to what: settings, resources, jobs, the night, the command line."""
