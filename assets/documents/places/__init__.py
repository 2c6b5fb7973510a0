"""From text to locations: names, sets that are counted, and the links of everything else to places."""
