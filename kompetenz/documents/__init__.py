"""Documents on paper: an HTML template becomes a tagged PDF (PDF/UA). Knows no other part of Kompetenzrad.

The only importer of WeasyPrint and pikepdf, and a late one: without Pango everything but printing works.
"""

from kompetenz.documents.pdf import ContentRefused, PdfUnavailable, available, file_name, pdf_response, render_pdf

__all__ = ["ContentRefused", "PdfUnavailable", "available", "file_name", "pdf_response", "render_pdf"]
