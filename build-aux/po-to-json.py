#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the catalog of one language for the pages and the servers out of a po file.

    po-to-json.py PO OUTPUT PREFIX…

Takes the translated messages that are used in files beneath one of the PREFIXes, so that a page
carries its own sentences and no more. The form: {"": {"plural": rule}, "msgid": "text",
"context\\u0004msgid": "text", "singular": ["one", "many"]}.
"""
import json
import re
import sys

RULES = ("n != 1", "n > 1", "0")


def unquote(line):
    """The text of a quoted po line."""
    return json.loads('"' + line[line.index('"') + 1 : line.rindex('"')] + '"')


def entries(lines):
    """Every message as a dictionary of its parts, with its flags and files."""
    entry, part = {"files": [], "fuzzy": False}, None
    for line in list(lines) + [""]:
        line = line.strip()
        if not line:
            if "msgid" in entry:
                yield entry
            entry, part = {"files": [], "fuzzy": False}, None
        elif line.startswith("#:"):
            entry["files"] += [name.rsplit(":", 1)[0] for name in line[2:].split()]
        elif line.startswith("#,"):
            entry["fuzzy"] = "fuzzy" in line
        elif not line.startswith("#"):
            word = re.match(r"(msg\w+(?:\[\d\])?)\s", line)
            if word:
                part = word.group(1)
                entry[part] = ""
            entry[part] += unquote(line)


def plural_rule(header):
    """The name of the header's plural rule; the pages know these and evaluate nothing."""
    found = re.search(r"plural=\(?([^;)\n]+)\)?;", header)
    rule = found.group(1).strip() if found else RULES[0]
    if rule not in RULES:
        sys.exit(f"po-to-json: plural rule “{rule}” is none of {', '.join(RULES)}")
    return rule


def catalog(lines, prefixes):
    """The catalog of the messages used beneath @prefixes."""
    result = {}
    for entry in entries(lines):
        if entry["msgid"] == "":
            result[""] = {"plural": plural_rule(entry["msgstr"])}
            continue
        forms = [entry[key] for key in sorted(entry) if key.startswith("msgstr")]
        used = any(name.startswith(prefix) for name in entry["files"] for prefix in prefixes)
        if entry["fuzzy"] or not used or not all(forms):
            continue
        key = (entry["msgctxt"] + "\u0004" if "msgctxt" in entry else "") + entry["msgid"]
        result[key] = forms if "msgid_plural" in entry else forms[0]
    return result


if __name__ == "__main__":
    source, output, wanted = sys.argv[1], sys.argv[2], tuple(sys.argv[3:])
    with open(source, encoding="utf-8") as po:
        made = catalog(po, wanted)
    with open(output, "w", encoding="utf-8") as file:
        json.dump(made, file, ensure_ascii=False, separators=(",", ":"))
