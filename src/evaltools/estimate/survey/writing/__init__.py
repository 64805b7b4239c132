"""What stands beside a number: its words, its R code, and what it gives away."""
