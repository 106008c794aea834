"""The kinds of tables that come in (报送表种类): the fields of each, and what one of its rows says."""
