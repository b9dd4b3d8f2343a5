"""A made-up population and the offices that serve it: who applies when, what they answer, how long offices take."""
