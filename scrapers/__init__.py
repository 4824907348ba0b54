"""Collecting the news: URLs -> Article. Imports neither nlp nor pipeline."""
