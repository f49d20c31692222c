"""A frozen method at work on any number of rows: the job, the rounds of a row, the records."""
