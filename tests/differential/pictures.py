"""The pictures that contexts name."""

import struct
import zlib


def png(width, height, dpi):
    """A grey picture of a size in pixels and dots per inch."""

    def chunk(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    metre = round(dpi / 0.0254)
    return (b"\x89PNG\r\n\x1a\n"
            + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
            + chunk(b"pHYs", struct.pack(">IIB", metre, metre, 1))
            + chunk(b"IDAT", zlib.compress((b"\0" + b"\x80" * width) * height))
            + chunk(b"IEND", b""))


def write(folder):
    (folder / "wide.png").write_bytes(png(144, 72, 72))
    (folder / "fine.png").write_bytes(png(300, 300, 300))
