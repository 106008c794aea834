"""Which engine a test gets, and how its data is kept apart.

`graph`, `empty_graph` and `graph_settings` run a test twice: on the embedded engine and on a real Neo4j
server; `graph_pair` gives both at once. Each xdist worker starts its own servers when it first needs them,
on loopback with generated passwords, and every test begins with an emptied database. Where Neo4j cannot
be had its runs are skipped with the reason, or fail if QL_REQUIRE_NEO4J=1. QL_TEST_NEO4J_URI (with
QL_TEST_NEO4J_USER and QL_TEST_NEO4J_PASSWORD) names a server to use instead: it must be empty, unless
QL_TEST_NEO4J_WIPE=1 allows the tests to empty it.
"""

pytest_plugins = ["tests.engines.fixtures"]
