"""What proves who somebody is, wherever people sign in: hashes of codes, counted tries, code apps."""
