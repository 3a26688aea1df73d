#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scripts of build-aux: what makes what the pages carry, and what tells how a run of the tests went."""
import importlib.util
import json
import pathlib
import subprocess
import tempfile
import unittest

TOP = pathlib.Path(__file__).resolve().parents[2]


def load(name):
    spec = importlib.util.spec_from_file_location(name.replace("-", "_"), TOP / "build-aux" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


catalogs = load("po-to-json")
squeezer = load("squeeze-web")

PO = r'''
msgid ""
msgstr ""
"Language: fr\n"
"Plural-Forms: nplurals=2; plural=n > 1;\n"

#: data/web/guest/view.js:1
msgid "Up next"
msgstr "À suivre"

#: data/web/guest/view.js:2 src/panel/page.c:3
msgctxt "place"
msgid "a \"b\"\n"
"c"
msgstr "d \"e\"\nf"

#: data/web/guest/view.js:3
msgid "{n} song"
msgid_plural "{n} songs"
msgstr[0] "{n} morceau"
msgstr[1] "{n} morceaux"

#: src/panel/page.c:9
msgid "Panel"
msgstr "Panneau"

#: data/web/guest/view.js:4
#, fuzzy
msgid "Guess"
msgstr "Peut-être"

#: data/web/guest/view.js:5
msgid "Not yet"
msgstr ""

#~ msgid "Gone"
#~ msgstr "Parti"
'''


class Catalogs(unittest.TestCase):
    def test_takes_what_is_used_and_translated(self):
        self.assertEqual(
            catalogs.catalog(PO.split("\n"), ("data/web/",)),
            {
                "": {"plural": "n > 1"},
                "Up next": "À suivre",
                'place\u0004a "b"\nc': 'd "e"\nf',
                "{n} song": ["{n} morceau", "{n} morceaux"],
            },
        )

    def test_refuses_a_rule_the_pages_do_not_know(self):
        with self.assertRaises(SystemExit):
            catalogs.plural_rule("Plural-Forms: nplurals=3; plural=n%10==1 ? 0 : 2;\n")

    def test_every_language_is_complete(self):
        """Guests read whole pages in their language, not half of one."""
        for language in ("de", "es", "fr"):
            lines = (TOP / "po" / f"{language}.po").read_text(encoding="utf-8").split("\n")
            mine = [entry for entry in catalogs.entries(lines) if any(name.startswith("data/web/") for name in entry["files"])]
            made = catalogs.catalog(lines, ("data/web/",))
            self.assertGreater(len(mine), 80)
            self.assertEqual(len(made) - 1, len(mine), language)

    def test_fields_survive_translation(self):
        import re

        for language in ("de", "es", "fr"):
            lines = (TOP / "po" / f"{language}.po").read_text(encoding="utf-8").split("\n")
            for key, value in catalogs.catalog(lines, ("data/web/", "src/lan/")).items():
                if key == "":
                    continue
                fields = set(re.findall(r"\{\w+\}", key))
                for form in value if isinstance(value, list) else [value]:
                    if "{n}" not in fields and "{count}" not in fields or not isinstance(value, list):
                        self.assertEqual(set(re.findall(r"\{\w+\}", form)), fields, f"{language}: {key}")


class Count(unittest.TestCase):
    def test_failed_cases_are_told(self):
        said = "TAP version 13\n# Subtest: a\nok 1 - a\n# Subtest: b\nnot ok 2 - b\n  error: 'why'\n# Subtest: c\nok 3 - c\n1..3\n"
        runs = [{"name": "pages", "result": "FAIL", "stdout": said}, {"name": "other", "result": "OK", "stdout": ""}]
        with tempfile.NamedTemporaryFile("w", suffix=".json") as log:
            log.write("".join(json.dumps(run) + "\n" for run in runs))
            log.flush()
            told = subprocess.run([TOP / "build-aux" / "count-tests", log.name], capture_output=True, text=True, check=True).stdout
        self.assertEqual(told, "pages: not ok 2 - b\n  error: 'why'\n3 passed, 1 failed, 0 skipped\n")


class Squeezer(unittest.TestCase):
    def test_scripts(self):
        table = [
            ("const a = 1; // why\nconst b = 2;\n", "const a=1;const b=2;\n"),
            ("/* long\n reason */\nlet a\nlet b\n", "let a\nlet b\n"),
            ("f ('a  //  b', \"c /* d */\")\ng ()\n", "f('a  //  b',\"c /* d */\")\ng()\n"),
            ("return a + +b - -c\n", "return a+ +b- -c\n"),
            ("x.replace(/\\{(\\w+)\\}/g, y)", "x.replace(/\\{(\\w+)\\}/g,y)\n"),
            ("const half = a / b / c;", "const half=a/b/c;\n"),
            ("if (a)\n  b ();\nelse\n  c ();\n", "if(a)\nb();else\nc();\n"),
            ("`a  ${ b }  c`", "`a  ${ b }  c`\n"),
        ]
        for source, expected in table:
            self.assertEqual(squeezer.squeeze_js(source), expected)

    def test_style_sheets(self):
        table = [
            ("/* why */\na { color: red; margin: 0 1px; }\n", "a{color:red;margin:0 1px}\n"),
            ("a :focus, b > c { width: calc(1px + 2px); }", "a :focus,b>c{width:calc(1px + 2px)}\n"),
            ("@media (min-width: 4rem) {\n  a { b: c; }\n}", "@media (min-width:4rem){a{b:c}}\n"),
        ]
        for source, expected in table:
            self.assertEqual(squeezer.squeeze_css(source), expected)


if __name__ == "__main__":
    unittest.main()
