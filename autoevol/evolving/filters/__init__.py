"""Which evolved texts are one too many, too long, in the wrong language, or from a benchmark."""
