"""What is true: the only package that talks to the graph engine and the only one that holds Cypher."""
