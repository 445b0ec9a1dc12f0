"""Builds the fonts: small Fira Sans subsets for the browser, whole faces for the PDFs.

Run by ``make assets`` after build.mjs and before own.mjs.

* For the browser KERN's package has each face whole. One file of a face has what German pages and the names on them
  need, the other all else, each with its unicode-range. They have no hints: screens smooth letters without, and
  hints are a third of a file.
* For WeasyPrint the font's own package has each face split into latin and latin-ext. It must get each as ONE file: with two files of
  the same family it prints wrong glyphs while the extracted text stays right.
"""

from pathlib import Path
from shutil import rmtree

from fontTools import merge, subset
from fontTools.ttLib import TTFont, newTable

ROOT = Path(__file__).resolve().parent.parent
WHOLE = ROOT / "node_modules/@kern-ux/native/dist/fonts/fira-sans"
PACKAGE = ROOT / "node_modules/@fontsource/fira-sans"
ASSETS = ROOT / "assets"

WEB_FACES = {400: "Regular", 600: "SemiBold"}
# Kerning is a fifth of a file, and seen where letters are large; figures stand in columns where they are not.
FEATURES = {400: ["tnum"], 600: ["kern"]}
PDF_FACES = [(400, "normal"), (600, "normal"), (400, "italic")]

# Latin letters, punctuation, currencies and the minus; Greek, Cyrillic, arrows and the like are left to the machine's own fonts
COVERED = {*range(0x370), *range(0x1E00, 0x20D0), 0x2212}

GERMAN = {*map(chr, range(0x20, 0x7F)), *"ÄÖÜäöüßẞ–—„“”‚‘’…·•§€°×©½²³−«»›‹\u00a0\u00ad"}
# Letters in names of people who live in Germany: western, Turkish, Polish, Czech, South Slavic, Romanian, Hungarian, Baltic, and
# Vietnamese, whose small letters share their parts with the others
NAMES = {chr(code) for code in range(0xC0, 0x100)}
NAMES |= set("ĞğİıŞşĄąĆćĘęŁłŃńŚśŹźŻżČčĎďĚěŇňŘřŠšŤťŮůŽžĐđĂăȘșȚțŐőŰűĒēĀāĪīŪūĖėĮįŲųĢģĶķĻļŅņ")
NAMES |= set("ơưạảấầậắặẹếềểễệịọốồộớờợụủứừữựỳ")

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
    """Write fonts/web with its faces, fonts/pdf with a stylesheet of its own, and the licence."""
    rmtree(ASSETS / "fonts", ignore_errors=True)
    for folder in ("fonts/web", "fonts/pdf", "css", "licences"):
        (ASSETS / folder).mkdir(parents=True, exist_ok=True)
    web_rules = [rule for weight in WEB_FACES for rule in write_web_fonts(weight)]
    (ASSETS / "css/faces.css").write_text("\n".join(web_rules))
    pdf_rules = [write_pdf_font(weight, style) for weight, style in PDF_FACES]
    (ASSETS / "css/fonts-pdf.css").write_text("\n".join(pdf_rules))
    write_licence()


def write_web_fonts(weight):
    """Write the two woff2 files of an upright face; return their @font-face rules.

    Of two ranges that overlap a browser takes the later one: what is rare comes first, roughly, then exactly what is usual.
    """
    whole = WHOLE / f"FiraSans-{WEB_FACES[weight]}.woff2"
    latin = COVERED & set(TTFont(whole).getBestCmap())
    usual = {ord(character) for character in GERMAN | NAMES} & latin
    for part, characters, joined in (("rare", latin - usual, 64), ("usual", usual, 1)):
        name = f"fira-sans-{weight}-{part}"
        write_subset(whole, characters, FEATURES[weight], ASSETS / f"fonts/web/{name}.woff2")
        yield WEB_FONT_FACE.format(weight=weight, name=name, ranges=unicode_range(characters, joined))


def write_subset(path, characters, features, target):
    """Write the glyphs of ``characters`` as woff2, with these features, without fractions, names and the like: see write_licence."""
    options = subset.Options(flavor="woff2", layout_features=features, hinting=False, name_IDs=[])
    font = subset.load_font(str(path), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=characters)
    subsetter.subset(font)
    font["OS/2"].fsSelection &= 0b1111111  # the package sets bits that its version of the table does not know
    font["gasp"] = smoothed = newTable("gasp")
    smoothed.version, smoothed.gaspRange = 1, {0xFFFF: 0b1111}  # at every size, in both directions
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


def unicode_range(characters, joined):
    """Return ``characters`` as the value of CSS unicode-range, those at most ``joined`` apart as one span: U+41-43, U+17D."""
    spans = []
    for character in sorted(characters):
        if spans and character <= spans[-1][1] + joined:
            spans[-1][1] = character
        else:
            spans.append([character, character])
    return ", ".join(f"U+{first:X}" if first == last else f"U+{first:X}-{last:X}" for first, last in spans)


if __name__ == "__main__":
    main()
