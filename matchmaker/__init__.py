"""Who can supply what: texts become vectors, vectors become ranked suppliers with reasons."""
