"""What was done: chained events and journal, and the state that follows from them."""
