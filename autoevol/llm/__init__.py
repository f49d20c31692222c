"""The one door to models. Knows nothing of autoevol but its errors and how it counts."""
