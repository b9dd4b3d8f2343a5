"""What an analyst looks at: a column's partners, a matrix, one pair from several sides, a map. Nothing is kept."""
