#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes comments and needless white space out of a script or style sheet of the pages.

    squeeze-web.py INPUT OUTPUT

A guest's phone pays for every byte on a crowded Wi-Fi, readers of the source should not: so the
source keeps its comments and the program carries this. Names stay as they are; what a browser
reports can be found in the source. The licence line stays.
"""
import re
import sys

JS = re.compile(r"""
    (?P<comment>/\*.*?\*/|//[^\n]*)
  | (?P<text>'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`)
  | (?P<regex>(?<=[(,=:!&|?{;])\s*/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n\[])+/[a-z]*)
  | (?P<space>\s+)
  | (?P<word>[\w$.\u0080-\uffff]+)
  | (?P<sign>.)
""", re.X | re.S)
LICENCE = "/* SPDX-License-Identifier: GPL-3.0-or-later */\n"


def squeeze_js(source):
    """Keeps a line break wherever leaving it out could join two statements."""
    out, gap = [], ""
    for token in JS.finditer(source):
        kind, text = token.lastgroup, token.group()
        if kind in ("comment", "space"):
            gap = "\n" if "\n" in text or gap == "\n" else " "
            continue
        text = text.strip() if kind == "regex" else text
        before = out[-1][-1] if out else "\n"
        if gap and out:
            joins = re.match(r"[\w$]", before) and re.match(r"[\w$]", text)
            signs = before in "+-/" and text[0] in "+-/"
            if gap == "\n" and not (before in "{;,([:?&|=" or text[0] in ")];,.?:&|"):
                out.append("\n")
            elif joins or signs:
                out.append(" ")
        out.append(text)
        gap = ""
    return "".join(out) + "\n"


def squeeze_css(source):
    """Style sheets: spaces matter only between words and around + and -."""
    text = re.sub(r"/\*.*?\*/", "", source, flags=re.S)
    text = re.sub(r"\s+", " ", text)
    text = re.sub(r" ?([{};,>~]) ?", r"\1", text)
    return text.replace(": ", ":").replace(";}", "}").strip() + "\n"


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:
        content = file.read()
    squeeze = squeeze_css if sys.argv[1].endswith(".css") else squeeze_js
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        file.write(LICENCE + squeeze(content))
