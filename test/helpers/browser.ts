/**
 * Debian's Chromium, driven as a person would: for pages that the network serves. Not a browser of
 * its own download: the machine brings it (`apt-get install chromium`).
 */
import { existsSync } from "node:fs";
import { type Browser, launch } from "puppeteer-core";

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** Starts it without a window. Throws, saying what to install, where there is none. */
export async function startBrowser(): Promise<Browser> {
	const executablePath = process.env["CHROMIUM"] ?? PLACES.find((place) => existsSync(place));
	if (executablePath === undefined) {
		throw new Error("No Chromium on this machine: apt-get install chromium, or set CHROMIUM");
	}
	// Tests run as root in containers, where Chromium's sandbox cannot.
	return launch({ executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
}
