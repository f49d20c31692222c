"""What a text is made of: words, sentences, blocks, numbers, language, phrases.

Facts about texts and no verdicts: what counts as a failure or a duplicate is left to who asks.
"""
