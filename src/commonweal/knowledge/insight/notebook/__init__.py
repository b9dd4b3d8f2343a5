"""What `from commonweal.knowledge import insight` stands on: results, plain files, a deployment read as somebody."""
