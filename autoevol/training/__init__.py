"""Records as training data: the formats that trainers read."""
