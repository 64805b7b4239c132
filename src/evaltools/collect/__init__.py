"""How an answer enters: reading raw input, routing, checking, comparing. The same for every channel."""
