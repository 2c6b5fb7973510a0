"""From bytes to a page of blocks: charsets, HTML, plain text and PDF; what cannot be read is refused."""
