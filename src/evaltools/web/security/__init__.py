"""What stands before every page: headers, limits, cookies, proof that a post comes from our own page."""
