"""From blocks to sections and performances: headings, fields, milestones, and the same one through the years."""
