#!/usr/bin/python3
"""Draws what `tmux capture-pane -p -e` has written: screen_to_png.py FILE COLUMNS ROWS PNG."""
import re
import sys
import unicodedata

from PIL import Image, ImageDraw, ImageFont

FONTS = "/usr/share/fonts/truetype/dejavu/DejaVuSansMono"
SIZE, MARGIN = 26, 28
PAPER, INK = (24, 27, 33), (214, 218, 226)
COLOURS = {31: (240, 104, 104), 32: (120, 200, 130), 33: (226, 182, 92), 36: (102, 190, 214)}


def styled(text):
    """Each character with its style: (character, colour, bold, dim, reverse). A style holds on beyond
    the end of a line."""
    colour, bold, dim, reverse = None, False, False, False
    for part in re.split(r"(\x1b\[[0-9;]*m)", text):
        if not part.startswith("\x1b["):
            for c in part:
                if c >= " " or c == "\n":
                    yield c, colour, bold, dim, reverse
            continue
        for code in (int(n or 0) for n in part[2:-1].split(";")):
            if code == 0:
                colour, bold, dim, reverse = None, False, False, False
            elif code in (1, 2, 7):
                bold, dim, reverse = bold or code == 1, dim or code == 2, reverse or code == 7
            elif code == 22:
                bold = dim = False
            elif code == 27:
                reverse = False
            elif code == 39:
                colour = None
            elif code in COLOURS:
                colour = code


def mixed(a, b, part):
    return tuple(round(x * part + y * (1 - part)) for x, y in zip(a, b))


def main(source, columns, rows, target):
    plain, bold_font = (ImageFont.truetype(FONTS + f + ".ttf", SIZE) for f in ("", "-Bold"))
    width = round(plain.getlength("M"))
    height = sum(plain.getmetrics())  # so that lines from row to row are whole
    size = (int(columns) * width + 2 * MARGIN, int(rows) * height + 2 * MARGIN)
    image = Image.new("RGB", size, PAPER)
    draw = ImageDraw.Draw(image)
    with open(source, encoding="utf-8", newline="") as file:
        text = file.read()
    row, column = 0, 0
    for c, colour, bold, dim, reverse in styled(text):
        if c == "\n":
            row, column = row + 1, 0
            continue
        wide = 2 if unicodedata.east_asian_width(c) in "WF" else 1
        ink, paper = COLOURS.get(colour, INK), PAPER
        if dim:
            ink = mixed(ink, paper, 0.55)
        if reverse:
            ink, paper = paper, mixed(ink, paper, 0.8)
        x, y = MARGIN + column * width, MARGIN + row * height
        if paper != PAPER:
            draw.rectangle((x, y, x + wide * width - 1, y + height - 1), fill=paper)
        if c != " ":
            draw.text((x, y), c, font=bold_font if bold else plain, fill=ink)
        column += wide
    image.save(target, optimize=True)


main(*sys.argv[1:])
