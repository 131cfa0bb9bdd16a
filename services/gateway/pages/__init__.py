"""The pages: what is asked, what is shown, in which order."""
