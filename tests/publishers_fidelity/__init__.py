"""Whether the stand-in speaks as the publishers do: read with public clients, and trap by trap."""
