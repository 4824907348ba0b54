"""Reading the news: text and publication date -> Extraction. Imports neither scrapers nor pipeline; no I/O but its own data files."""
