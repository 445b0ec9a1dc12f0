"""Files that are handed out, as answers to a request."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import content_disposition_header

from kompetenz.documents.archive import zip_stream
from kompetenz.documents.calendar import calendar_file, subscribed_calendar
from kompetenz.documents.names import file_name
from kompetenz.documents.refusals import PdfUnavailable


def pdf_response(pdf, filename):
    """Answer with a PDF shown in the browser, saved as ``filename``, kept in no cache."""
    headers = {
        "Content-Disposition": content_disposition_header(as_attachment=False, filename=filename),
        "Cache-Control": "no-store",
    }
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)


def printed(request, make, document, *about, back):
    """The PDF that ``make()`` makes, named as ``file_name`` says; where no PDF can be made, a message on the page ``back``."""
    try:
        pdf = make()
    except PdfUnavailable as problem:
        messages.error(request, str(problem))
        return redirect(back)
    return pdf_response(pdf, file_name(document, *about))


def calendar_response(events, filename):
    """Answer with the events as a calendar file to be opened or kept."""
    content = calendar_file(events, site=settings.SITE_URL, now=timezone.now())
    headers = {"Content-Disposition": content_disposition_header(as_attachment=True, filename=filename)}
    return HttpResponse(content, content_type="text/calendar; charset=utf-8", headers=headers)


def subscription_response(events):
    """Answer a calendar program that subscribes with everything that is to be in it now."""
    content = subscribed_calendar(events, site=settings.SITE_URL, now=timezone.now())
    return HttpResponse(content, content_type="text/calendar; charset=utf-8")


def zip_response(files, filename):
    """Answer with ``files``, see archive.zip_stream, as a ZIP that is put together while it is sent."""
    headers = {
        "Content-Disposition": content_disposition_header(as_attachment=True, filename=filename),
        "Content-Encoding": "identity",  # else GZipMiddleware would compress it once more
    }
    return StreamingHttpResponse(zip_stream(files), content_type="application/zip", headers=headers)
