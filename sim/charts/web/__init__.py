"""The drawing of the page and of the interactive report: scripts that paint data they are handed, and fetch nothing."""
