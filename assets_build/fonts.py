"""Builds the fonts: small Fira Sans subsets for the browser, whole faces for the PDFs.

Run by ``make assets`` after build.mjs. The npm package brings each face split into latin and latin-ext.

* The browser takes them split, each with its unicode-range, so that a page without rare letters loads
  about 25 kB a face. latin-ext is split again: the letters of European names apart from all others.
* WeasyPrint must get each face as ONE file: with two files of the same family it prints wrong glyphs
  while the extracted text stays right.
"""

from pathlib import Path

from fontTools import merge, subset
from fontTools.ttLib import TTFont

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "node_modules/@fontsource/fira-sans"
ASSETS = ROOT / "assets"

WEB_WEIGHTS = [400, 600]
PDF_FACES = [(400, "normal"), (600, "normal"), (400, "italic")]

# Latin Extended-A, the comma letters of Romanian, capital sharp s
EUROPEAN_NAMES = [*range(0x0100, 0x0180), *range(0x0218, 0x021C), 0x1E9E]

WEB_FONT_FACE = """\
@font-face {{
  font-family: "Fira Sans";
  font-style: normal;
  font-weight: {weight};
  font-display: swap;
  src: url("../fonts/web/{name}.woff2") format("woff2");
  unicode-range: {ranges};
}}
"""

PDF_FONT_FACE = """\
@font-face {{
  font-family: "Fira Sans";
  font-style: {style};
  font-weight: {weight};
  src: url("../fonts/pdf/{name}.ttf") format("truetype");
}}
"""


def main():
    """Write fonts/web and its faces into vendor.css, fonts/pdf with a stylesheet of its own, and the licence."""
    for folder in ("fonts/web", "fonts/pdf", "css", "licences"):
        (ASSETS / folder).mkdir(parents=True, exist_ok=True)
    web_rules = [rule for weight in WEB_WEIGHTS for rule in write_web_fonts(weight)]
    with (ASSETS / "css/vendor.css").open("a") as vendor:
        vendor.write("\n".join(web_rules))
    pdf_rules = [write_pdf_font(weight, style) for weight, style in PDF_FACES]
    (ASSETS / "css/fonts-pdf.css").write_text("\n".join(pdf_rules))
    write_licence()


def write_web_fonts(weight):
    """Write the three woff2 files of an upright face; return their @font-face rules.

    Every character is in exactly one of the three ranges, so no letter makes the browser load two files.
    """
    latin = set(TTFont(source("latin", weight)).getBestCmap())
    extended = set(TTFont(source("latin-ext", weight)).getBestCmap()) - latin
    names = extended & set(EUROPEAN_NAMES)
    parts = [
        ("latin", "latin", latin),
        ("names", "latin-ext", names),
        ("rare", "latin-ext", extended - names),
    ]
    for part, subset_name, characters in parts:
        name = f"fira-sans-{weight}-{part}"
        write_subset(source(subset_name, weight), characters, ASSETS / f"fonts/web/{name}.woff2")
        yield WEB_FONT_FACE.format(weight=weight, name=name, ranges=unicode_range(characters))


def write_subset(path, characters, target):
    """Write the glyphs of ``characters`` as woff2, with kerning and even figures, without fractions and the like."""
    options = subset.Options(flavor="woff2", layout_features=["kern", "mark", "mkmk", "ccmp", "locl", "tnum"])
    font = subset.load_font(str(path), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=characters)
    subsetter.subset(font)
    subset.save_font(font, str(target), options)


def write_pdf_font(weight, style):
    """Merge latin and latin-ext of a face into one TrueType file; return its @font-face rule."""
    merged = merge.Merger().merge([str(source("latin", weight, style)), str(source("latin-ext", weight, style))])
    merged.flavor = None
    merged.recalcTimestamp = False  # the same packages give the same bytes
    merged["head"].modified = merged["head"].created
    name = f"fira-sans-{weight}-{style}"
    merged.save(ASSETS / f"fonts/pdf/{name}.ttf")
    return PDF_FONT_FACE.format(weight=weight, style=style, name=name)


def write_licence():
    """Write the copyright line of the font itself above the licence of its package."""
    copyright_line = TTFont(source("latin", 400))["name"].getDebugName(0)
    licence = (PACKAGE / "LICENSE").read_text()
    (ASSETS / "licences/fira-sans.txt").write_text(f"Fira Sans\n{copyright_line}\n\n{licence}")


def source(part, weight, style="normal"):
    """Return the packaged file of one part of a face."""
    return PACKAGE / f"files/fira-sans-{part}-{weight}-{style}.woff2"


def unicode_range(characters):
    """Return ``characters`` as the value of CSS unicode-range, neighbours joined: U+41-43, U+17D."""
    spans = []
    for character in sorted(characters):
        if spans and character == spans[-1][1] + 1:
            spans[-1][1] = character
        else:
            spans.append([character, character])
    return ", ".join(f"U+{first:X}" if first == last else f"U+{first:X}-{last:X}" for first, last in spans)


if __name__ == "__main__":
    main()
