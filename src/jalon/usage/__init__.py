"""Product usage: ingestion, columnar storage, adoption metrics, objectives measured."""
