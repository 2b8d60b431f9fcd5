"""The query language once more, written from its description alone: no index, every record looked at."""
