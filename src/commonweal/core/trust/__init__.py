"""Trust: keys and signatures."""
