"""Calls that leave together and come back later, at half the price."""
