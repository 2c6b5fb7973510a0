"""Files made of the published warehouse, for those who take figures elsewhere: Parquet, CSV, XLSX."""
