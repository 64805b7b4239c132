"""Tables of two variables, and the tests of them."""
