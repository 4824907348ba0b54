"""Reading the news: text and publication date -> Extraction. Imports neither scrapers nor pipeline; no I/O but its own data files."""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# Texts are read in processes, not in threads: on matrices as small as ours the threads of numpy's OpenBLAS, which reads this when
# it is loaded, wait for each other for a third of the processor time of a reading with the transformer.
