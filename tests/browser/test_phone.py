"""The model on the phone: fetched once and checked, as right as the server, and no photo leaves."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, Route, expect

from lentigo.inference.bundle import find_bundle
from tests.browser.accessibility import check
from tests.browser.conftest import PAGE, SIZES
from tests.browser.screenshots import trusting_bundle
from tests.browser.steps import choose, keep, open_questions, send
from tests.made import make_bundle, photo_bytes
from tests.servers import start, stop

pytestmark = pytest.mark.browser

TIMEOUT_MS = 60_000
SAME = 0.01
"""How far probabilities on the phone may be from the server's."""

ITEMS = """() => new Promise((resolve, reject) => {
    const opening = indexedDB.open("lentigo");
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
        const reading = opening.result.transaction("queue").objectStore("queue").getAll();
        reading.onsuccess = () => { opening.result.close(); resolve(reading.result); };
    };
})"""
"""What the queue holds, the newest last."""

ASK_SERVER = """async items => {
    const item = items.sort((a, b) => a.created - b.created).pop();
    const form = new FormData();
    for (const photo of item.photos) form.append("photo", photo, "photo");
    for (const [name, value] of Object.entries(item.answers)) if (value !== "") form.append(name, value);
    form.append("explain", "true");
    form.append("locale", item.locale);
    const response = await fetch("/api/v1/assessments", { method: "POST", body: form });
    return { phone: item.assessment, server: await response.json(), where: item.analysedOn };
}"""
"""The phone's answer to the newest photo, and the server's to the very same."""


@pytest.fixture(scope="module")
def phone_server(bundle_path: Path) -> Iterator[str]:
    """The address of a server that hands its bundle out."""
    yield from _serve(bundle_path)


@pytest.fixture(scope="module")
def shipped_server() -> Iterator[str]:
    """The same with the bundle that ships."""
    yield from _serve(find_bundle("lesions"))


@pytest.fixture(scope="module")
def trusting_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The same without the limits that send made photos back."""
    yield from _serve(trusting_bundle(tmp_path_factory.mktemp("trusting") / "lesions"))


def _serve(bundle: Path) -> Iterator[str]:
    if not PAGE.is_file():
        pytest.skip("the page is not built: run `make web`")
    process, address = start(bundle, LENTIGO_RATE_LIMIT="", LENTIGO_HAND_OUT_BUNDLES="true")
    yield address
    stop(process)
    assert process.stdout is not None
    process.stdout.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    opened = browser.new_context(viewport={"width": SIZES["phone"][0], "height": SIZES["phone"][1]})
    opened.set_default_timeout(TIMEOUT_MS)
    yield opened
    opened.close()


@pytest.fixture
def uploads(context: BrowserContext) -> list[str]:
    """Every request that could carry a photo."""
    sent: list[str] = []

    def look(request: Request) -> None:
        if request.method != "GET":
            sent.append(f"{request.method} {request.url}")

    context.on("request", look)
    return sent


def visit(context: BrowserContext, address: str) -> Page:
    """The start page, once the service worker has everything that is needed offline."""
    page = context.new_page()
    page.goto(address)
    page.get_by_role("heading", level=1).wait_for()
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    return page


def settings(page: Page, address: str) -> None:
    page.goto(f"{address}/#/settings")
    page.get_by_role("heading", name="The model on this device").wait_for()


def have_model(page: Page, address: str) -> None:
    """Wait until the model is here, fetched by itself, and have photos analysed here whatever this machine takes."""
    settings(page, address)
    expect(page.get_by_text("The model lesions")).to_be_visible(timeout=TIMEOUT_MS)
    page.get_by_role("group", name="Where photos are analysed").get_by_text("On this device").click()
    expect(page.get_by_text("Photos are analysed on this device. You chose this.")).to_be_visible()
    page.goto(f"{address}/#/")


def answer(page: Page, photo: bytes | Path, answers: dict[str, str] | None = None) -> None:
    choose(page, photo)
    if answers:
        open_questions(page)
        for label, value in answers.items():
            page.get_by_label(label, exact=True).fill(value)
    send(page)
    page.locator(".result-body").wait_for(timeout=TIMEOUT_MS)


def kept_files(page: Page) -> list[str]:
    found: list[str] = page.evaluate(
        "caches.open('models').then(cache => cache.keys()).then(all => all.map(one => new URL(one.url).pathname))"
    )
    return sorted(found)


def compare(page: Page) -> dict[str, Any]:
    """Check that the phone's answer is the server's, and return it."""
    both = page.evaluate(f"({ITEMS})().then({ASK_SERVER})")
    assert both["where"] == "phone"
    phone, server = both["phone"], both["server"]
    for name in ("outcome", "reasons", "advice", "next_step", "model", "disclaimer"):
        assert phone[name] == server[name], name
    assert (phone["risk"] or {}).get("tier") == (server["risk"] or {}).get("tier")
    wanted = {one["code"]: one["probability"] for one in server["diagnoses"]}
    found = {one["code"]: one["probability"] for one in phone["diagnoses"]}
    assert found.keys() == wanted.keys()
    for code, probability in found.items():
        assert abs(probability - wanted[code]) < SAME, code
    return {"phone": phone, "server": server}


def test_the_model_is_fetched_once_and_answers_without_a_request(
    context: BrowserContext, phone_server: str, uploads: list[str], photo_file: Path
) -> None:
    page = visit(context, phone_server)
    expect(page.get_by_text("The server looks at your photo")).to_be_visible()
    have_model(page, phone_server)
    expect(page.get_by_text("This device looks at your photo itself")).to_be_visible()
    assert [path.rpartition("/")[2] for path in kept_files(page) if path.startswith("/models/")] != []
    answer(page, photo_file, {"Age": "71"})
    expect(page.get_by_text("Analysed on this device.")).to_be_visible()
    keep(page)
    page.get_by_role("link", name="See this spot over time").click()
    page.get_by_role("link", name="See the answer").first.click()
    expect(page.get_by_text("Analysed on this device.")).to_be_visible()
    assert uploads == []
    again: list[str] = []
    context.on("request", lambda request: again.append(request.url) if "/models/" in request.url else None)
    page.goto("about:blank")
    settings(page, phone_server)
    page.wait_for_timeout(4000)
    assert again == []


def test_the_settings_of_the_model_are_accessible(context: BrowserContext, phone_server: str) -> None:
    page = visit(context, phone_server)
    have_model(page, phone_server)
    settings(page, phone_server)
    expect(page.get_by_text("The model lesions")).to_be_visible()
    check(page)


def test_a_photo_is_answered_offline_after_a_reload(
    context: BrowserContext, phone_server: str, uploads: list[str], photo_file: Path
) -> None:
    page = visit(context, phone_server)
    have_model(page, phone_server)
    context.set_offline(True)
    page.goto("about:blank")
    page.goto(phone_server)
    answer(page, photo_file)
    expect(page.get_by_text("Analysed on this device.")).to_be_visible()
    assert uploads == []
    context.set_offline(False)
    compare(page)


def test_the_phone_answers_as_the_server_does(context: BrowserContext, trusting_server: str) -> None:
    page = visit(context, trusting_server)
    have_model(page, trusting_server)
    for seed, size in enumerate((300, 640, 1200, 2400)):
        for diagnosis in ("mel", "nv", "bcc"):
            page.goto(f"{trusting_server}/#/")
            answer(page, photo_bytes(diagnosis, size, seed=seed, quality=90), {"Age": str(30 + 15 * seed)})
            both = compare(page)
            assert both["phone"]["outcome"] == "assessed"
            # What it says, it says for the same reason.
            phone, server = both["phone"]["evidence"], both["server"]["evidence"]
            assert phone["map"]["code"] == server["map"]["code"]
            assert [one["text"] for one in phone["answers"]] == [one["text"] for one in server["answers"]]


def test_photos_that_the_shipped_model_sends_back_are_sent_back_here(
    context: BrowserContext, shipped_server: str
) -> None:
    page = visit(context, shipped_server)
    have_model(page, shipped_server)
    answer(page, photo_bytes("nv", 640))
    assert compare(page)["phone"]["outcome"] != "assessed"


def test_three_photos_of_one_spot_are_put_together_as_on_the_server(
    context: BrowserContext, trusting_server: str
) -> None:
    page = visit(context, trusting_server)
    have_model(page, trusting_server)
    choose(page, photo_bytes("mel", 480, seed=1))
    for place, kind in enumerate(("nv", "bcc"), 2):
        more = {"name": "more.jpg", "mimeType": "image/jpeg", "buffer": photo_bytes(kind, 480, seed=place)}
        page.get_by_label("Add a photo").set_input_files([more])
        page.get_by_label(f"Remove photo {place}").wait_for()
        if place == 2:
            page.get_by_label("Add a photo").wait_for(state="attached")
    page.get_by_role("button", name="Use these photos").click()
    page.locator(".result-body").wait_for()
    both = compare(page)
    assert len(both["phone"]["photos"]) == 3
    assert both["phone"]["disagreement"]["text"] == both["server"]["disagreement"]["text"]


def test_what_arrives_damaged_is_not_kept_and_can_be_fetched_again(context: BrowserContext, phone_server: str) -> None:
    def damage(route: Route) -> None:
        response = route.fetch()
        body = bytearray(response.body())
        body[len(body) // 2] ^= 1
        route.fulfill(response=response, body=bytes(body))

    context.route("**/models/*/model.onnx", damage)
    page = visit(context, phone_server)
    settings(page, phone_server)
    expect(page.get_by_role("alert")).to_contain_text("did not arrive as it was sent", timeout=TIMEOUT_MS)
    assert not [path for path in kept_files(page) if path.endswith("model.onnx")]
    expect(page.get_by_text("Photos are analysed on the server. The model is not on this device yet.")).to_be_visible()
    context.unroute("**/models/*/model.onnx")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("The model lesions")).to_be_visible(timeout=TIMEOUT_MS)


def test_a_download_that_breaks_off_says_so_and_starts_again(context: BrowserContext, phone_server: str) -> None:
    context.route("**/models/*/model.onnx", lambda route: route.abort("connectionreset"))
    page = visit(context, phone_server)
    settings(page, phone_server)
    expect(page.get_by_role("alert")).to_contain_text("The connection broke off", timeout=TIMEOUT_MS)
    # The engine, which came before it, stays.
    assert [path for path in kept_files(page) if path.endswith(".wasm")]
    context.unroute("**/models/*/model.onnx")
    engine: list[str] = []
    context.on("request", lambda request: engine.append(request.url) if request.url.endswith(".wasm") else None)
    page.reload()
    expect(page.get_by_text("The model lesions")).to_be_visible(timeout=TIMEOUT_MS)
    assert engine == []


def test_a_new_model_takes_the_place_of_the_old_one(context: BrowserContext, bundle_path: Path, tmp_path: Path) -> None:
    other = make_bundle(tmp_path / "lesions", version="newer")
    serving = _serve(bundle_path)
    address = next(serving)
    page = visit(context, address)
    have_model(page, address)
    before = kept_files(page)
    list(serving)
    port = int(address.rpartition(":")[2])
    process, again = start(other, port, LENTIGO_RATE_LIMIT="", LENTIGO_HAND_OUT_BUNDLES="true")
    try:
        assert again == address
        page.reload()
        settings(page, address)
        expect(page.get_by_text("The model lesions newer")).to_be_visible(timeout=TIMEOUT_MS)
        after = kept_files(page)
        assert len(after) == len(before)
        assert next(path for path in before if path.endswith("card.json")) not in after
    finally:
        stop(process)
        assert process.stdout is not None
        process.stdout.close()


def test_the_model_can_be_deleted_and_is_not_fetched_again_unasked(context: BrowserContext, phone_server: str) -> None:
    page = visit(context, phone_server)
    settings(page, phone_server)
    expect(page.get_by_text("The model lesions")).to_be_visible(timeout=TIMEOUT_MS)
    page.get_by_role("button", name="Delete the model").click()
    expect(page.get_by_text("The model is not on this device. It has")).to_be_visible()
    assert kept_files(page) == []
    page.reload()
    page.wait_for_timeout(5000)
    assert kept_files(page) == []
    page.get_by_role("button", name="Fetch the model").click()
    expect(page.get_by_text("The model lesions")).to_be_visible(timeout=TIMEOUT_MS)


def test_who_wants_no_photo_sent_waits_for_the_model(
    context: BrowserContext, phone_server: str, uploads: list[str], photo_file: Path
) -> None:
    context.route("**/models/**", lambda route: route.abort("connectionreset"))
    page = visit(context, phone_server)
    settings(page, phone_server)
    page.get_by_role("group", name="Where photos are analysed").get_by_text("On this device").click()
    expect(page.get_by_role("alert")).to_contain_text("The connection broke off", timeout=TIMEOUT_MS)
    page.goto(f"{phone_server}/#/")
    choose(page, photo_file)
    send(page)
    expect(page.get_by_text("It is not sent.")).to_be_visible()
    expect(page.get_by_text("Waiting for this device")).to_be_visible()
    page.reload()
    expect(page.get_by_text("Waiting for this device")).to_be_visible()
    assert uploads == []
    page.get_by_role("button", name="Send it to the server").click()
    page.get_by_role("link", name="See the answer").click()
    expect(page.get_by_text("Analysed on the server.")).to_be_visible()
    assert len(uploads) == 1
    page.goto(f"{phone_server}/#/")
    choose(page, photo_file)
    send(page)
    expect(page.get_by_text("Waiting for this device")).to_be_visible()
    context.unroute("**/models/**")
    page.reload()
    page.get_by_role("link", name="See the answer").click(timeout=TIMEOUT_MS)
    expect(page.get_by_text("Analysed on this device.")).to_be_visible()
    assert len(uploads) == 1


def test_a_slow_phone_asks_the_server_and_itself_only_without_a_network(
    context: BrowserContext, phone_server: str, uploads: list[str], photo_file: Path
) -> None:
    page = visit(context, phone_server)
    settings(page, phone_server)
    expect(page.get_by_text("The model lesions")).to_be_visible(timeout=TIMEOUT_MS)
    page.evaluate(
        """() => new Promise(resolve => {
            const opening = indexedDB.open("lentigo");
            opening.onsuccess = () => {
                const store = opening.result.transaction("settings", "readwrite").objectStore("settings");
                const reading = store.get("models");
                reading.onsuccess = () => {
                    const slow = reading.result.map(one => ({ ...one, photo_ms: 9000 }));
                    store.put(slow, "models").onsuccess = () => { opening.result.close(); resolve(); };
                };
            };
        })"""
    )
    page.reload()
    expect(page.get_by_text("This device is slow at it.")).to_be_visible()
    page.goto(f"{phone_server}/#/")
    answer(page, photo_file)
    expect(page.get_by_text("Analysed on the server.")).to_be_visible()
    assert len(uploads) == 1
    page.goto(f"{phone_server}/#/")
    context.set_offline(True)
    answer(page, photo_file)
    expect(page.get_by_text("Analysed on this device.")).to_be_visible()
    assert len(uploads) == 1


def test_the_catalogue_names_the_files_and_nothing_else_is_handed_out(
    context: BrowserContext, phone_server: str, address: str
) -> None:
    answers = context.request.get(f"{phone_server}/api/v1/bundles").json()["bundles"][0]["files"]
    assert [one["name"] for one in answers] == ["model.onnx", "card.json", "taxonomy.json"]
    for one in answers:
        found = context.request.get(phone_server + one["path"])
        assert (found.status, len(found.body())) == (200, one["bytes"])
        assert "immutable" in found.headers["cache-control"]
    wrong = answers[0]["path"].replace("model.onnx", "card.html")
    assert context.request.get(phone_server + wrong).status == 404
    assert json.loads(context.request.get(f"{address}/api/v1/bundles").body())["bundles"][0]["files"] == []
    assert context.request.get(address + answers[0]["path"]).status == 404
