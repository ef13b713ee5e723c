"""The smallest run, for the tests of what is drawn."""

import pytest

CHROMIUM = "/usr/bin/chromium"


@pytest.fixture(scope="session")
def saved(small_run, tmp_path_factory):
    """The folder of the smallest run."""
    return small_run.write(tmp_path_factory.mktemp("runs"))


@pytest.fixture
def can_draw():
    """Skips where VTK cannot draw."""
    from femsim.view.probe import rendering

    able, sentence = rendering()
    if not able:
        pytest.skip(sentence)


@pytest.fixture(scope="module")
def browser():
    """Chromium."""
    playwright = pytest.importorskip("playwright.sync_api", reason="no Playwright to open a browser with")
    options = ["--no-sandbox", "--disable-gpu", "--use-gl=angle", "--use-angle=swiftshader"]
    options += ["--enable-unsafe-swiftshader"]
    with playwright.sync_playwright() as driver:
        try:
            found = driver.chromium.launch(executable_path=CHROMIUM, args=options)
        except playwright.Error as error:
            pytest.skip(f"no Chromium: {str(error).splitlines()[0]}")
        yield found
        found.close()


@pytest.fixture(scope="module")
def opened_page(browser):
    """file, selector of what says that it is ready → the page in a Chromium that is cut off from any network, with what
    it asked for and the errors of its programs."""

    def opened(path, ready):
        sheet, asked, errors = browser.new_context(offline=True).new_page(), [], []
        sheet.on("request", lambda request: asked.append(request.url))
        sheet.on("pageerror", lambda error: errors.append(str(error)))
        sheet.goto(path.as_uri())
        sheet.wait_for_selector(ready, timeout=120_000)
        return sheet, asked, errors

    return opened
