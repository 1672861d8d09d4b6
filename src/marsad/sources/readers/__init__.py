"""The physical layer: a path becomes a stream of blocks of rows, in bounded memory.

`files` says what there is to read, `open_reader` in which form it is; neither looks at what the
columns mean. One file for each form: `ndjson`, `json_document`, `csv`, `parquet`, `arrow`.
"""

from marsad.sources.readers.files import InputFile, files
from marsad.sources.readers.reader import Limits, Reader, Rejected
from marsad.sources.readers.recognise import open_reader

__all__ = ["InputFile", "Limits", "Reader", "Rejected", "files", "open_reader"]
