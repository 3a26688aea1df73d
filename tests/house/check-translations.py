#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""check-translations.py TOP: every language of po/LINGUAS says all that Tempo says.

The messages are taken fresh from the sources, so that a new sentence without a translation fails
here and not in front of a guest. Then: nothing fuzzy, formats right, placeholders of the pages and
mnemonics of the menus kept, the language's own quotation marks.
"""
import json
import pathlib
import re
import subprocess
import sys
import tempfile

TOP = pathlib.Path(sys.argv[1])
KEYWORDS = ["_", "N_", "C_:1c,2", "NC_:1c,2", "g_dpgettext2:2c,3", "g_dngettext:2,3", "n_:1,2", "c_:1c,2"]


def run(*command):
    """What @command complains about; nothing when it is content."""
    done = subprocess.run(command, cwd=TOP, capture_output=True, text=True, check=False)
    return done.stderr.strip().split("\n") if done.returncode else []


def messages(path):
    """Each message of a po file as its fields, texts unquoted."""
    for block in re.split(r"\n\s*\n", path.read_text()):
        fields, last = {}, None
        for line in block.split("\n"):
            found = re.match(r'(msg\S+) (".*")$', line)
            if found:
                last = found[1]
                fields[last] = json.loads(found[2])
            elif line.startswith('"'):
                fields[last] += json.loads(line)
        if fields.get("msgid"):
            yield fields


def mistakes(fields):
    """What is wrong with the translations of one message."""
    source = fields["msgid"]
    for name, text in fields.items():
        if not name.startswith("msgstr"):
            continue
        wanted = set(re.findall(r"\{\w+\}", source)) | set(re.findall(r"\{\w+\}", fields.get("msgid_plural", "")))
        said = set(re.findall(r"\{\w+\}", text))
        # "In one minute" needs no number.
        if said != wanted and not (name == "msgstr[0]" and said == wanted - {"{n}"}):
            yield f"placeholders differ: {text!r}"
        # A name with an underscore, as in a setting, is no mnemonic.
        if len(re.findall(r"(?<!\w)_(?=\w)|(?<=\w)_(?=\w)", source)) == 1 and text.count("_") != 1:
            yield f"the mnemonic is lost: {text!r}"
        if '"' in text or re.search(r"\w'\w", text.replace("%'", "")):
            yield f"straight quotation marks: {text!r}"


def problems():
    languages = (TOP / "po/LINGUAS").read_text().split()
    with tempfile.TemporaryDirectory() as folder:
        template = f"{folder}/tempo.pot"
        yield from run("xgettext", "--from-code=UTF-8", f"--output={template}", "--files-from=po/POTFILES.in",
                       *(f"--keyword={keyword}" for keyword in KEYWORDS))
        for language in languages:
            name = f"po/{language}.po"
            yield from run("msgfmt", "--check-format", "--check-domain", f"--output-file={folder}/checked.mo", name)
            yield from run("msgcmp", name, template)
            for fields in messages(TOP / name):
                yield from (f"{name}: “{fields['msgid']}”: {mistake}" for mistake in mistakes(fields))


found = list(problems())
print("\n".join(found))
sys.exit(1 if found else 0)
