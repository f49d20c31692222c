"""Methods in the formats of other tools: how they leave and how they come."""
