"""What leaves the house: exported records, the formats they are written in, their schemas.

An export is a stream: records come from the index one by one and go out one by one.
"""

from pipeline.export.formats import FORMATS
from pipeline.export.records import Disclosure, exported

__all__ = ["FORMATS", "Disclosure", "exported"]
