"""How facts enter (导入): readers that parse a whole file first, and loaders that write it in batches."""
