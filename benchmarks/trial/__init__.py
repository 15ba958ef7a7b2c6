"""The trial on real records: cases of constituents of city council members' offices, read by the product's importer."""
