"""Identity: people, staff posts, and on whose behalf an act is done."""
