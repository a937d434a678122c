"""The page Partners: who is tested, how it stands with each, and what to do about one of them."""
