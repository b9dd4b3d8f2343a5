"""Exchange: departments answering each other, so that people are not asked for papers."""
