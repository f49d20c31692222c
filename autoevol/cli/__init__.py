"""The command line: arguments in, one verb each, words and tables out. The only floor that prints."""
