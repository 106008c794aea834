"""The pages (页面), rendered on the server; no business rule lives here."""
