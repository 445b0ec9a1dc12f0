// What tests/browser/test_firefox.py asks of Firefox: types into a field of each form, follows a link, goes Back and presses F5.
// Reads { base, cookie, forms: [[address, selector]] } from the command line and writes what the fields hold afterwards.
const { default: puppeteer } = await import(process.env.PUPPETEER ?? "puppeteer-core");
const { base, cookie, forms } = JSON.parse(process.argv[2]);
const browser = await puppeteer.launch({ browser: "firefox", executablePath: process.env.FIREFOX, headless: true });
const found = {};
try {
  await browser.setCookie({ ...cookie, domain: new URL(base).hostname, path: "/" });
  for (const [address, selector] of forms) {
    const page = await browser.newPage();
    const asked = [];
    page.on("dialog", async (dialog) => { asked.push(dialog.type()); await dialog.accept(); });
    const value = () => page.$eval(selector, (field) => (field.type === "radio" ? field.checked : field.value));
    await page.goto(base + address);
    await page.$eval(selector, (field) => field.closest("details")?.setAttribute("open", ""));
    if (await page.$eval(selector, (field) => field.type === "radio")) await page.click(selector);
    else await page.type(selector, "Getippt");
    await page.goto(`${base}/gesund/`);
    await page.goBack();
    await new Promise((resolve) => setTimeout(resolve, 300));
    const back = await value();
    await page.reload();
    await new Promise((resolve) => setTimeout(resolve, 300));
    found[address] = { asked: asked.length > 0, back, f5: await value() };
    await page.close({ runBeforeUnload: false });
  }
} finally {
  await browser.close();
}
console.log(JSON.stringify(found));
