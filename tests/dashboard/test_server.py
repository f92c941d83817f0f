"""The server of the page: who may talk to it, what it reads, what it refuses, and how it ends."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sim.dashboard.folder import folders_of
from sim.dashboard.guard import LARGEST_BODY, TOKEN_HEADER, Door
from sim.dashboard.server import HOST, NoPort, listening, serve
from sim.scenario.faults import ScenarioFaults, SuasionError
from tests.dashboard.browser import served
from tests.dashboard.visitor import Visitor
from tests.dashboard.worlds import FAULTY, ROOT, folder_with

PATHS = ("/api/open", "/api/histories", "/api/chronicle", "/api/yaml")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("page")
    (place / "secret.yaml").write_text("password: hunter2\n")
    inside = place / "scenarios"
    inside.mkdir()
    folder_with(inside, faulty=FAULTY)
    (inside / "link.yaml").symlink_to(place / "secret.yaml")
    (inside / "notes.txt").write_text("hunter2\n")
    return inside


@pytest.fixture(scope="module")
def client(folder: Path) -> Iterator[Visitor]:
    with served(folder / "tutorial.yaml") as site:
        yield Visitor(site)


@pytest.fixture(scope="module")
def key(client: Visitor) -> int:
    return int(client.post("/api/open", {}).json()["scenario"]["key"])


@pytest.mark.parametrize("path", ["/", "/files/main.js", "/api/open", "/nothing"])
@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:8321", "127.0.0.1", "127.0.0.1:80", "127.0.0.1:8321.evil.example", "[::1]:8321", "", "0.0.0.0:8321"],
)
def test_whoever_asks_under_another_name_is_turned_away(client: Visitor, path: str, host: str) -> None:
    called = host.replace("PORT", str(client.site.door.port))
    assert client.get(path, {"host": called}).status == 403
    assert client.post(path, {}, {**client.good, "host": called}).status == 403


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "http://127.0.0.1:1", "https://127.0.0.1:PORT", "http://localhost", "file://"]
)
@pytest.mark.parametrize("path", ["/", *PATHS])
def test_what_another_page_sends_is_turned_away(client: Visitor, origin: str, path: str) -> None:
    sender = origin.replace("PORT", str(client.site.door.port))
    assert client.post(path, {}, {**client.good, "origin": sender}).status == 403
    assert client.get(path, {"origin": sender}).status == 403


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "changed",
    [
        {TOKEN_HEADER: None},
        {TOKEN_HEADER: None, "content-type": None},
        {TOKEN_HEADER: "another"},
        {TOKEN_HEADER: ""},
        {TOKEN_HEADER: "thé-token".encode("latin-1")},
        {"content-type": "text/plain"},
        {"content-type": None},
        {"content-type": "application/x-www-form-urlencoded"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_nothing_is_computed_without_the_token_of_the_page_and_json(client: Visitor, path: str, changed: dict[str, Any]) -> None:
    headers = {name: value for name, value in {**client.good, **changed}.items() if value is not None}
    assert client.post(path, {}, headers).status == 403


def test_the_page_may_be_called_by_both_names_of_this_machine(client: Visitor) -> None:
    for name in ("127.0.0.1", "localhost"):
        host = f"{name}:{client.site.door.port}"
        assert client.post("/api/open", {}, {**client.good, "host": host, "origin": f"http://{host}"}).status == 200


def test_a_websocket_is_refused_before_it_begins(client: Visitor) -> None:
    handshake = {
        "upgrade": "websocket",
        "connection": "Upgrade",
        "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
        "sec-websocket-version": "13",
    }
    for path in ("/", "/api/histories"):
        assert client.get(path, handshake).status == 403


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_only_posts_compute(client: Visitor, path: str, method: str) -> None:
    assert client.asked(method, path, client.good).status == 405


def test_getting_anything_changes_nothing(client: Visitor, key: int) -> None:
    for path in ("/", "/files/main.js", *PATHS, "/?file=here/faulty.yaml", "/api/open?file=here/faulty.yaml"):
        client.get(path)
    assert client.post("/api/open", {}).json()["scenario"]["key"] == key


@pytest.mark.parametrize("path", ["/", "/files/main.js", "/files/page.css", "/nothing", "/api/open"])
def test_every_answer_carries_the_strict_headers_and_no_cookie(client: Visitor, path: str) -> None:
    for answer in (client.get(path), client.get(path, {"host": "evil.example"})):
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy and "script-src 'self'" in policy and "unsafe" not in policy
        assert answer.headers["x-frame-options"] == "DENY" and answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store" and "set-cookie" not in answer.headers
        assert "access-control-allow-origin" not in answer.headers


def test_the_page_holds_no_script_of_its_own_and_the_token_once(client: Visitor) -> None:
    text = client.get("/").text
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\son\w+=|style=|javascript:|https?://", text)
    assert text.count(client.site.door.token) == 1 and "{{" not in text
    assert Door(8321).token != Door(8321).token and len(Door(1).token) >= 32


def test_no_script_turns_words_into_markup_and_none_comes_from_elsewhere() -> None:
    scripts = [*(ROOT / "sim/dashboard/page").iterdir(), *(ROOT / "sim/charts/web").glob("*.js")]
    for script in scripts:
        text = script.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|https?://", text), script.name
        assert len(text.splitlines()) <= 350, script.name


@pytest.mark.parametrize(
    "path",
    [
        "/files/../application.py", "/files/..%2fapplication.py", "/files/%2e%2e/application.py", "/files/application.py", "/files/",
        "/files",
        "/files/..%5c..%5cpyproject.toml", "/files//etc/passwd", "/files/%2fetc%2fpasswd", "/..%2f..%2fetc/passwd", "/tutorial.yaml",
        "/files/NOTICE.md", "/files/main.js%00.yaml", "/files/page/main.js",
    ],
)  # fmt: skip
def test_no_path_leads_out_of_the_files_of_the_page(client: Visitor, path: str) -> None:
    answer = client.get(path)
    assert answer.status in (404, 307) and "import" not in answer.text and "root:" not in answer.text


@pytest.mark.parametrize(
    "name",
    [
        "here/../secret.yaml", "here/link.yaml", "here/notes.txt", "/etc/passwd", "here//etc/passwd", "here/./../secret.yaml",
        "secret.yaml",
        "shipped/../pyproject.toml", "shipped/../sim/cli.py", "elsewhere/tutorial.yaml", "here/~/x.yaml", "here/..\\secret.yaml", "here/",
        "file:///etc/passwd", "here/http://evil.example/x.yaml", "here/none.yaml", "here/tutorial.yaml\0", "here/%2e%2e/secret.yaml",
    ],
)  # fmt: skip
def test_no_file_outside_the_folder_is_read_and_nothing_of_it_is_told(client: Visitor, folder: Path, name: str) -> None:
    answer = client.post("/api/open", {"file": name})
    assert answer.status == 200
    wrong = answer.json()["wrong"]
    assert {fault["code"] for fault in wrong["faults"]} <= {"E060", "E062"}
    assert "hunter2" not in answer.text and "root:" not in answer.text and str(folder) not in answer.text


def test_the_files_that_can_be_opened_are_those_of_both_folders(client: Visitor) -> None:
    files = client.post("/api/open", {}).json()["files"]
    assert [file for file in files if file.startswith("here/")] == ["here/faulty.yaml", "here/tutorial.yaml"]
    assert "shipped/western_balkans_2017.yaml" in files and not [file for file in files if "worlds" in file or file.endswith(".txt")]


def test_a_wrong_file_is_told_with_its_lines_and_without_where_it_lies(client: Visitor, folder: Path) -> None:
    answer = client.post("/api/open", {"file": "here/faulty.yaml"})
    faults = answer.json()["wrong"]["faults"]
    assert [(fault["line"], fault["code"]) for fault in faults] == [(5, "E040"), (8, "E031")]
    assert str(folder) not in answer.text


def test_a_page_that_begins_with_a_wrong_file_says_so(folder: Path) -> None:
    with served(folder / "faulty.yaml") as site:
        assert Visitor(site).post("/api/open", {}).json()["wrong"]["file"] == "here/faulty.yaml"
        assert Visitor(site).post("/api/open", {"file": "here/tutorial.yaml"}).json()["scenario"]["title"]


def test_a_mended_file_is_read_anew(client: Visitor, folder: Path) -> None:
    file = folder / "mended.yaml"
    file.write_text(FAULTY)
    assert "wrong" in client.post("/api/open", {"file": "here/mended.yaml"}).json()
    file.write_text("schema: 1\nextends: tutorial.yaml\ntitle: Mended\n")
    one = client.post("/api/open", {"file": "here/mended.yaml"}).json()["scenario"]
    file.write_text("schema: 1\nextends: tutorial.yaml\ntitle: Mended again\n")
    other = client.post("/api/open", {"file": "here/mended.yaml"}).json()["scenario"]
    assert (one["title"], other["title"]) == ("Mended", "Mended again") and one["key"] != other["key"]
    file.unlink()


@pytest.mark.parametrize(
    "body",
    [
        "",
        "no json",
        "[]",
        "1",
        "[" * 60_000,
        '{"key": "x"}',
        '{"key": 99999}',
        '{"key": KEY}',
        '{"key": KEY, "view": {"measure": "tension", "holder": "us"}}',
        '{"key": KEY, "setting": {"nobody": 1}, "view": {"measure": "tension"}}',
        '{"key": KEY, "setting": {"effort-east": 99}, "view": {"measure": "tension"}}',
        '{"key": KEY, "setting": {"effort-east": NaN}, "view": {"measure": "tension"}}',
        '{"key": KEY, "setting": [], "view": {"measure": "tension"}}',
    ],
    ids=range(13),
)
def test_a_wish_that_makes_no_sense_is_refused_with_a_reason(client: Visitor, key: int, body: str) -> None:
    answer = client.post("/api/histories", body.replace("KEY", str(key)))
    assert answer.status == 400 and answer.json()["refused"]


def test_a_body_that_is_too_long_is_not_read(client: Visitor) -> None:
    assert client.post("/api/open", "x" * (LARGEST_BODY + 1)).status == 413
    assert client.asked("POST", "/api/open", {**client.good, "transfer-encoding": "chunked"}, "2\r\n{}\r\n0\r\n\r\n").status == 413


@pytest.mark.parametrize("run", [-1, 500, 1.5, "0", True, None])
def test_only_a_history_there_is_can_be_told(client: Visitor, key: int, run: object) -> None:
    body = {"key": key, "run": run, "view": {"measure": "tension"}}
    assert client.post("/api/chronicle", body).status == 400


def test_a_history_is_told_month_by_month_with_its_line(client: Visitor, key: int) -> None:
    told = client.post("/api/chronicle", {"key": key, "run": 3, "view": {"measure": "tension"}}).json()
    assert told["run"] == 3 and len(told["line"]) == 2 and len(told["line"][0]) == 24
    months = [entry["month"] for entry in told["entries"]]
    assert months == sorted(months) and any("Candidate" in entry["words"] or "Member" in entry["words"] for entry in told["entries"])


def test_a_page_that_goes_away_leaves_no_work_behind(folder: Path) -> None:
    with served(folder / "tutorial.yaml") as site:
        visitor = Visitor(site)
        opened = visitor.post("/api/open", {}).json()["scenario"]["key"]
        while not site.session.desk.is_idle:
            time.sleep(0.02)
        for value in range(20):
            asked = http.client.HTTPConnection(site.address[7:-1])
            body = json.dumps({"key": opened, "setting": {"effort-east": 0.1 + value / 10}, "view": {"measure": "tension"}})
            asked.request("POST", "/api/histories", body, visitor.good)
            asked.close()
        began = time.monotonic()
        while not site.session.desk.is_idle:
            assert time.monotonic() - began < 20
            time.sleep(0.02)
        assert visitor.post("/api/open", {}).status == 200


def test_a_taken_port_is_passed_over_for_the_next_free_one() -> None:
    with listening(0) as one:
        taken = one.getsockname()[1]
        with listening(taken) as other:
            assert taken < other.getsockname()[1] < taken + 30
            assert other.getsockname()[0] == HOST == "127.0.0.1"


def test_without_a_free_port_nothing_is_served(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.dashboard.server.NEXT", 1)
    with listening(0) as one, pytest.raises(NoPort, match="--port"):
        listening(one.getsockname()[1])


def test_a_file_that_is_not_there_is_told_before_anything_is_served(tmp_path: Path) -> None:
    with pytest.raises(SuasionError, match=r"none\.yaml: there is no such file"):
        serve(tmp_path / "none.yaml", 0, False)


@pytest.mark.parametrize(("how", "code"), [("SIGINT", 0), ("SIGHUP", 129), ("SIGKILL", -9)])
def test_a_server_that_ends_leaves_no_worker_whichever_way_it_ends(folder: Path, how: str, code: int) -> None:
    command = [sys.executable, "-m", "sim", "dashboard", str(folder / "tutorial.yaml"), "--port", "0", "--no-open"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error"}
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment, start_new_session=True) as process:
        try:
            assert process.stderr is not None
            told = process.stderr.readline()
            found = re.search(r"http://127\.0\.0\.1:(\d+)/", told)
            assert found, told
            port = int(found.group(1))
            line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            line.request("GET", "/")
            token = re.search(r'name="token" content="([^"]+)"', line.getresponse().read().decode()).group(1)  # type: ignore[union-attr]
            line.request("POST", "/api/open", "{}", {TOKEN_HEADER: token, "content-type": "application/json"})
            assert line.getresponse().status == 200
            line.close()
            # Ctrl-C reaches everybody in the terminal, the others the program alone.
            (os.killpg if how == "SIGINT" else os.kill)(process.pid, getattr(signal, how))
            left = process.communicate(timeout=60)[1]
        finally:
            process.kill()
    assert process.returncode == code
    assert "Traceback" not in left and "Error" not in left
    while _group_lives(process.pid):
        time.sleep(0.05)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), 1)


def _group_lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def test_what_a_scenario_says_of_its_folder_is_not_told() -> None:
    folders, _ = folders_of(ROOT / "scenarios" / "tutorial.yaml")
    with pytest.raises(ScenarioFaults) as refused:
        folders.read("here/../pyproject.toml")
    assert str(ROOT) not in str(refused.value)


def test_nothing_but_this_command_loads_a_server() -> None:
    code = "import sys, sim.cli, sim.charts, sim.dashboard; print([name for name in ('starlette', 'uvicorn') if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert found.stdout.strip() == "[]"


@pytest.mark.parametrize("name", ["\ud800", "here/\ud800.yaml", "here/a\0.yaml"])
def test_a_name_that_no_file_can_have_is_answered_and_not_tripped_over(client: Visitor, name: str) -> None:
    answer = client.post("/api/open", {"file": name})
    assert answer.status == 200 and answer.json()["wrong"]["faults"][0]["code"] in ("E060", "E062")
