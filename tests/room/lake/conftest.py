"""A small jurisdiction whose dataset comes from a database or an interface, and an interface that misbehaves."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from commonweal.core.declared.actions import publish
from commonweal.core.identity.actor import SYSTEM

BASE = """
- kind: Jurisdiction
  id: testland
  name: {en: Testland, zh-hans: 测试地}
  languages: [en, zh-hans]
  currency: CNY
  timezone: Asia/Shanghai
- {kind: PublicOrganisation, id: statistics, level: province, name: {en: Statistics, zh-hans: 统计局}}
- {kind: Region, id: testland, level: province, name: {en: Testland, zh-hans: 测试省}}
- {kind: DataElement, id: school.code, type: string, sensitivity: public, name: {en: School, zh-hans: 学校}}
- {kind: DataElement, id: school.pupils, type: integer, min: 0, sensitivity: public,
   name: {en: Pupils, zh-hans: 学生数}}
- {kind: DataElement, id: school.changed, type: date, sensitivity: public, name: {en: Changed on, zh-hans: 变更日期}}
"""
SCHOOLS = """
- kind: Dataset
  id: schools
  name: {{en: Schools, zh-hans: 学校}}
  publisher: statistics
  columns:
    - {{name: code, element: school.code}}
    - {{name: pupils, element: school.pupils}}
    - {{name: changed, element: school.changed}}
  keys: [code]
  rhythm: daily
  access: open
  licence: CC BY 4.0
  source: {source}
"""


def write(folder: Path, source: str, more: str = "") -> Path:
    """Declarations whose dataset `schools` has this source."""
    folder.mkdir(exist_ok=True)
    (folder / "all.yaml").write_text(BASE + SCHOOLS.format(source=source) + more)
    return folder


@pytest.fixture
def declare(tmp_path: Path, settings: Any, db: None) -> Callable[..., Path]:
    """Put declarations in force."""

    def put(source: str, more: str = "") -> Path:
        folder = write(tmp_path / "jurisdiction", source, more)
        settings.JURISDICTION = folder
        publish(SYSTEM, folder)
        return folder

    return put


@dataclass
class Interface:
    """An interface on loopback. `answer` is called with the path's parameters; what it returns is sent."""

    address: str = ""
    asked: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    answer: Callable[[dict[str, str]], Any] = lambda query: []


@pytest.fixture
def interface() -> Iterator[Interface]:
    """A server that answers what the test says: a value as JSON, bytes as they are, a tuple (status, headers, body)."""
    told = Interface()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told.asked.append(self.path)
            told.headers.append(dict(self.headers))
            query = {key: values[0] for key, values in parse_qs(urlsplit(self.path).query).items()}
            answer = told.answer(query)
            if answer is None:
                self.connection.close()
                return
            status, headers, body = answer if isinstance(answer, tuple) else (200, {}, answer)
            body = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response(status)
            length = headers.pop("Content-Length", str(len(body)))
            for key, value in {**headers, "Content-Length": length}.items():
                self.send_header(key, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    told.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield told
    server.shutdown()
    server.server_close()


def school(number: int, pupils: int = 100, changed: str = "2026-01-01") -> dict[str, Any]:
    """One row."""
    return {"code": f"S{number:03}", "pupils": pupils, "changed": changed}
