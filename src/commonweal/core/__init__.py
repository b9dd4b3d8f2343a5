"""What every room stands on: the record, people and posts, keys, and the declarations in force."""
