// Records of what each row stated, the firms that became another, questions about firms, products and classes.
CREATE CONSTRAINT record_id IF NOT EXISTS FOR (n:Record) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT alias_code IF NOT EXISTS FOR (n:Alias) REQUIRE n.code IS UNIQUE;
CREATE CONSTRAINT question_id IF NOT EXISTS FOR (n:Question) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT product_code IF NOT EXISTS FOR (n:Product) REQUIRE n.code IS UNIQUE;
CREATE CONSTRAINT class_code IF NOT EXISTS FOR (n:Class) REQUIRE n.code IS UNIQUE;
CREATE INDEX alias_target IF NOT EXISTS FOR (n:Alias) ON (n.target);
CREATE INDEX question_state IF NOT EXISTS FOR (n:Question) ON (n.state);
CREATE INDEX class_scheme IF NOT EXISTS FOR (n:Class) ON (n.scheme);
