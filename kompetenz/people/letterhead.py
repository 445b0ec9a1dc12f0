"""The administration's coat of arms or logo: HR sets it here, every page and every paper shows it."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import condition, require_http_methods, require_POST, require_safe

from kompetenz.documents.emblem import MOST_BYTES, NEITHER, TOO_LARGE, accepted, for_pages
from kompetenz.documents.models import Emblem
from kompetenz.people.access import for_hr
from kompetenz.refusals import Refused

NO_PNG = "Das ist kein PNG-Bild. Bitte wählen Sie eine Datei, die auf .png endet."
KEPT_BY_BROWSERS = "public, max-age=3600"
# Opened by itself, a drawing is a page: it may look like itself and nothing else.
HARMLESS = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
OWN_MARK = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
    b'<path fill="#1f5f8b" d="M17 2a14 14 0 0 1 13 13h-8a6 6 0 0 0-5-5z"/>'
    b'<path fill="#2d7d4f" d="M30 17a14 14 0 0 1-13 13v-6a8 8 0 0 0 8-7z"/>'
    b'<path fill="#b4531b" d="M15 30A14 14 0 0 1 2 17h10a4 4 0 0 0 3 3z"/>'
    b'<path fill="#6b3f8f" d="M2 15A14 14 0 0 1 15 2v7a7 7 0 0 0-6 6z"/></svg>'
)


class EmblemForm(forms.Form):
    """A picture, and beside the drawing that ``emblem`` is the same as PNG for letters; ``save`` keeps what is sent of both."""

    picture = forms.FileField(
        label="Wappen oder Logo",
        help_text=f"SVG oder PNG, höchstens {MOST_BYTES // 1000} KB. Am schärfsten druckt SVG.",
        error_messages={"required": "Bitte wählen Sie eine Datei aus.", "empty": NEITHER},
        widget=forms.FileInput(attrs={"accept": ".svg,.png"}),
    )

    for_letters = forms.FileField(
        label="Dasselbe Bild als PNG, für E-Mails",
        help_text=f"E-Mail-Programme zeigen kein SVG. Höchstens {MOST_BYTES // 1000} KB; 200 Pixel Höhe genügen.",
        required=False,
        error_messages={"empty": NO_PNG},
        widget=forms.FileInput(attrs={"accept": ".png"}),
    )

    def __init__(self, emblem, *sent):
        super().__init__(*sent)
        self.emblem = emblem
        if emblem is None or emblem.kind == "png":
            del self.fields["for_letters"]
        else:
            self.fields["picture"].required = "for_letters" not in self.files

    def clean_picture(self):
        return _accepted(self.cleaned_data["picture"])

    def clean_for_letters(self):
        kind, content = _accepted(self.cleaned_data["for_letters"]) or ("png", b"")
        if kind != "png":
            raise ValidationError(NO_PNG)
        return content

    def save(self):
        kind, content = self.cleaned_data["picture"] or (self.emblem.kind, self.emblem.content)
        for_letters = self.cleaned_data.get("for_letters", b"") if kind == "svg" else b""
        return Emblem.objects.replace(kind, content, for_letters)


def _accepted(upload):
    """(kind, content) of what is kept of an upload, None where there is none. Raises ValidationError."""
    if not upload:
        return None
    if upload.size > MOST_BYTES:
        raise ValidationError(TOO_LARGE)
    try:
        return accepted(upload.read())
    except Refused as reason:
        raise ValidationError(str(reason)) from reason


@require_http_methods(["GET", "POST"])
@for_hr
def letterhead(request):
    """What stands at the head of every paper, and the form for its picture."""
    emblem = Emblem.objects.first()
    form = EmblemForm(emblem, *([request.POST, request.FILES] if request.method == "POST" else []))
    if form.is_valid():
        form.save()
        messages.success(request, "Das Bild steht jetzt auf allen Papieren. Auf den Seiten kann es eine Stunde dauern.")
        return redirect("people:letterhead")
    context = {"form": form, "emblem": emblem, "address": settings.ORGANISATION_ADDRESS}
    return render(request, "people/letterhead.html", context)


@require_POST
@for_hr
def remove_emblem(request):
    """Papers and pages go without; twice does no harm."""
    Emblem.objects.all().delete()
    messages.success(request, "Die Papiere haben kein Wappen und kein Logo mehr.")
    return redirect("people:letterhead")


def version(request):
    """The mark by which browsers know the picture they have."""
    emblem = Emblem.objects.first()
    return f'"{emblem.version}"' if emblem else '"own"'


@login_not_required
@require_safe
@condition(etag_func=version)
def emblem(request):
    """The picture itself, for whoever sees a page of ours, signed in or not; without one the mark of Kompetenzrad."""
    found = Emblem.objects.first()
    content, media_type = (bytes(found.content), found.media_type) if found else (OWN_MARK, "image/svg+xml")
    if found and found.kind == "png":
        content = for_pages(content)
    headers = {"Cache-Control": KEPT_BY_BROWSERS, "Content-Security-Policy": HARMLESS}
    return HttpResponse(content, content_type=media_type, headers=headers)
