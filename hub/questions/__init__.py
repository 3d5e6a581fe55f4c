"""What a privacy officer must be able to answer: fifteen questions, each for a purpose and on the record."""
