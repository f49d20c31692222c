"""Methods measured side by side: the arms, what each comes to, how they stand to one another."""
