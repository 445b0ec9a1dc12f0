"""Files that are handed out, as answers to a request."""

from django.conf import settings
from django.http import HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header

from kompetenz.documents.archive import zip_stream
from kompetenz.documents.calendar import calendar_file


def calendar_response(events, filename):
    """Answer with the events as a calendar file to be opened or kept."""
    content = calendar_file(events, site=settings.SITE_URL, now=timezone.now())
    headers = {"Content-Disposition": content_disposition_header(as_attachment=True, filename=filename)}
    return HttpResponse(content, content_type="text/calendar; charset=utf-8", headers=headers)


def zip_response(files, filename):
    """Answer with ``files``, see archive.zip_stream, as a ZIP that is put together while it is sent."""
    headers = {
        "Content-Disposition": content_disposition_header(as_attachment=True, filename=filename),
        "Content-Encoding": "identity",  # else GZipMiddleware would compress it once more
    }
    return StreamingHttpResponse(zip_stream(files), content_type="application/zip", headers=headers)
