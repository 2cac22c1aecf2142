"""Makes a small picture of a large one, alone in a process of its own that may use little memory and time.

Run as a script: the picture's bytes come by standard input, a JPEG goes by standard output. Whatever a hostile picture
does to the decoder, it does here and not to the desk. Nothing else of the house is loaded.
"""

from __future__ import annotations

import io
import resource
import sys

from PIL import Image, ImageOps

FORMATS = ("JPEG", "PNG", "GIF", "WEBP")
MEMORY = 768 * 1024 * 1024
"""Bytes of address space, the interpreter's own included."""
SECONDS = 5
MOST_PIXELS = 50_000_000
"""Pixels of a picture that must be decoded whole."""
MOST_JPEG_PIXELS = 220_000_000
"""Pixels of a JPEG that can be decoded at an eighth of its size: the largest telephone cameras have 200 million."""
GROUND = (255, 255, 255)


def confine() -> None:
    """Take from this process what it does not need."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))


def shrunk(content: bytes, side: int) -> bytes:
    """Return the picture as a JPEG of at most so many pixels a side, upright, with nothing of the original's own data."""
    Image.MAX_IMAGE_PIXELS = None  # our own limits are told below, by format
    with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
        pixels = picture.width * picture.height
        is_scaled = picture.format == "JPEG" and not picture.info.get("progressive")
        if pixels > (MOST_JPEG_PIXELS if is_scaled else MOST_PIXELS):
            raise ValueError("too many pixels")
        picture.draft("RGB", (side * 2, side * 2))
        picture.thumbnail((side, side), reducing_gap=2.0)
        small = _flat(ImageOps.exif_transpose(picture))
    small.info.clear()  # or the original's comment would be written into the new file
    kept = io.BytesIO()
    small.save(kept, "JPEG", quality=82)
    return kept.getvalue()


def _flat(picture: Image.Image) -> Image.Image:
    """Return the picture in plain colours, on white where one could see through it."""
    if picture.mode in ("RGB", "L"):
        return picture.convert("RGB")
    clear = picture.convert("RGBA")
    ground = Image.new("RGB", clear.size, GROUND)
    ground.paste(clear, mask=clear.getchannel("A"))
    return ground


def main() -> None:
    """Shrink what comes in; the only argument is the longest side."""
    content = sys.stdin.buffer.read()
    confine()
    sys.stdout.buffer.write(shrunk(content, int(sys.argv[1])))


if __name__ == "__main__":
    main()
