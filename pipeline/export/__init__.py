"""What leaves the house: exported records, the formats they are written in, their schemas.

An export is a stream: records come from the index one by one and go out one by one.

    records    the exported form of each record, with private things covered; schemas: as JSON Schema
    columns    the columns of tables; tables: records as rows of them
    formats    JSON Lines, JSON, CSV, GeoJSON; parquet: Apache Parquet
    dictionary docs/data-dictionary.md
"""

from pipeline.export.formats import FORMATS
from pipeline.export.records import Disclosure, exported

__all__ = ["FORMATS", "Disclosure", "exported"]
