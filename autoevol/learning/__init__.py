"""The loop that learns a method: candidates, the race, what must be shown, what is left behind."""
