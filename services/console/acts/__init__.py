"""What can be done here: each act is a function that the pages and the command line call."""
