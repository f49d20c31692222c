"""The actors of the paper: evolver, responder, eliminator, analyzer, optimizer, scorer.

Each is made of what it needs and has one public verb. They never import the verbs; only verbs
introduce them to one another.
"""
