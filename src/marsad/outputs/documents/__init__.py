"""Documents that leave the house: the annexes of an order, the notice to an uploader.

`document` is what one says, in its language; `annexes` and `uploader` make them; `html` and `pdf`
write them down. The same document is the same bytes, whenever it is written.
"""

from marsad.outputs.documents.annexes import annex_ii, annex_iii
from marsad.outputs.documents.document import Document
from marsad.outputs.documents.html import as_html
from marsad.outputs.documents.pdf import as_pdf
from marsad.outputs.documents.uploader import notice_to_uploader

__all__ = ["Document", "annex_ii", "annex_iii", "as_html", "as_pdf", "notice_to_uploader"]
