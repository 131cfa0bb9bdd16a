"""Events of other services and files from outside, read tolerantly, and what members are told about them."""
