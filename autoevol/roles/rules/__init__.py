"""What makes a round worthless on sight: a rule is a function from an `Exhibit` to evidence."""
