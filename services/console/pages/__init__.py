"""The console's pages, in French."""
