// What is looked up by something else than its key.
CREATE INDEX firm_division IF NOT EXISTS FOR (n:Firm) ON (n.division);
CREATE INDEX plan_buyer IF NOT EXISTS FOR (n:Plan) ON (n.buyer_code);
CREATE INDEX plan_kind IF NOT EXISTS FOR (n:Plan) ON (n.kind);
CREATE INDEX load_sha256 IF NOT EXISTS FOR (n:Load) ON (n.sha256);
