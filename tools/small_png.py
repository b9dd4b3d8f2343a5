"""Make a screenshot small: at most 256 colours, found by the browser that took it; no image library is needed."""

from __future__ import annotations

import base64
import struct
import zlib
from typing import Any

_REDUCE = """
async (data) => {
  const image = new Image(); image.src = 'data:image/png;base64,' + data; await image.decode();
  const canvas = new OffscreenCanvas(image.width, image.height);
  const context = canvas.getContext('2d'); context.drawImage(image, 0, 0);
  const pixels = context.getImageData(0, 0, image.width, image.height).data;
  const count = new Map(), keys = new Uint32Array(pixels.length / 4);
  for (let i = 0; i < keys.length; i++) {
    const key = (pixels[4*i] << 16) | (pixels[4*i+1] << 8) | pixels[4*i+2];
    keys[i] = key; count.set(key, (count.get(key) || 0) + 1);
  }
  const palette = [...count.entries()].sort((a, b) => b[1] - a[1]).slice(0, 256).map(entry => entry[0]);
  const index = new Map(palette.map((key, at) => [key, at]));
  const nearest = key => {
    let best = 0, least = 1e9;
    palette.forEach((other, at) => {
      const r = (key >> 16) - (other >> 16), g = ((key >> 8) & 255) - ((other >> 8) & 255);
      const b = (key & 255) - (other & 255);
      const far = r*r + g*g + b*b; if (far < least) { least = far; best = at; }
    });
    index.set(key, best); return best;
  };
  const out = new Uint8Array(keys.length);
  for (let i = 0; i < keys.length; i++) {
    const at = index.get(keys[i]); out[i] = at === undefined ? nearest(keys[i]) : at;
  }
  let text = '';
  for (let i = 0; i < out.length; i += 32768) text += String.fromCharCode(...out.subarray(i, i + 32768));
  return [image.width, image.height, palette, btoa(text)];
}
"""


def shrink(page: Any, png: bytes) -> bytes:
    """The same picture with a palette: the 256 most frequent colours, every other one replaced by the nearest.

    `page` is any blank Playwright page.
    """
    width, height, palette, text = page.evaluate(_REDUCE, base64.b64encode(png).decode())
    pixels = base64.b64decode(text)
    rows = b"".join(b"\0" + pixels[at * width : (at + 1) * width] for at in range(height))
    colours = b"".join(struct.pack(">I", key)[1:] for key in palette)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        _chunk(name, body)
        for name, body in (
            (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
            (b"PLTE", colours),
            (b"IDAT", zlib.compress(rows, 9)),
            (b"IEND", b""),
        )
    )


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
