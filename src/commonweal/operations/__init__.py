"""Operations: health, demo data, and the simulation of a population at work."""
