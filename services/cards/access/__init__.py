"""What lies outside the log: claims, uploaded files, the published list of oppositions."""
