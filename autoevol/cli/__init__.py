"""The command line: arguments in, words and tables out. The only floor that prints."""
