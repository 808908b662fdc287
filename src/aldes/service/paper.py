"""A page as a PDF, where WeasyPrint is installed; it gets our own style and fetches nothing."""

import logging
from importlib.resources import files

from aldes.service.faults import RefusedError

_STYLE = ("ward.css", "print.css")
logging.getLogger("weasyprint").addHandler(logging.NullHandler())  # rules of screens that paper does not know


def pdf(text: str) -> bytes:
    """The page as a PDF with tags for those who hear it.

    Raises
    ------
    RefusedError
        When WeasyPrint or a library of its own is missing.
    """
    try:
        from weasyprint import CSS, HTML
        from weasyprint.urls import URLFetcher
    except (ImportError, OSError):  # a missing library of the system is an OSError
        raise RefusedError(
            501, "not installed", "A PDF needs WeasyPrint: install aldes[pdf] and Pango. Print the page from here."
        ) from None
    nothing = URLFetcher(allowed_protocols=())  # whatever a page names is not fetched (hazard H73)
    style = [CSS(string=_own(name), url_fetcher=nothing) for name in _STYLE]
    return bytes(HTML(string=text, url_fetcher=nothing).write_pdf(stylesheets=style, pdf_tags=True))


def _own(name: str) -> str:
    return files("aldes.service").joinpath("static", name).read_text(encoding="utf-8")
