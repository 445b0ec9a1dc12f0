"""The plan and its small pages; the documents of a whole round."""
