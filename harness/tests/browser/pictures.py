#!/usr/bin/env python3
"""Pictures of the sample reports, for people. usage: pictures.py PATH_OF_report_samples FOLDER"""
import pathlib
import subprocess
import sys
import tempfile

import devtools

# Name, page, width, height, colours.
PICTURES = [("night", "night/index.html", 1040, 690, "light"),
            ("result", "night/s/protocol-bad-utf8-*.html", 1120, 700, "light"),
            ("result-dark", "night/s/protocol-bad-utf8-*.html", 1120, 700, "dark"),
            ("history", "night/history.html", 1040, 700, "light"),
            ("matrix", "large/results/matrix-01.html", 1040, 640, "light"),
            ("narrow", "night/index.html", 320, 760, "light")]


def main():
    target = pathlib.Path(sys.argv[2])
    with tempfile.TemporaryDirectory(prefix="relapse-pictures-") as folder, \
            devtools.Browser(devtools.find_chromium()) as browser:
        root = pathlib.Path(folder)
        subprocess.run([sys.argv[1], str(root)], check=True)
        page = browser.page()
        page.scripts(False)
        page.call("Emulation.setScrollbarsHidden", {"hidden": True})
        for name, pattern, width, height, scheme in PICTURES:
            page.resize(width, height)
            page.media(scheme=scheme)
            page.open(sorted(root.glob(pattern))[0].as_uri())
            page.screenshot(target / f"{name}.png")
            print(f"{name}.png  {(target / f'{name}.png').stat().st_size} octets")


if __name__ == "__main__":
    main()
