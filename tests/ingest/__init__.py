"""Tests of the readers and loaders; `books` builds the workbooks that people really send."""
