import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import UPNG from 'upng-js';
import { repository } from '../../host/paths';

/** Path of a picture. */
export const imageFile = (name: string): string =>
	path.join(repository, 'docs', 'images', `${name}.png`);

/** A part of the page, in pixels. */
export interface Area {
	x: number;
	y: number;
	width: number;
	height: number;
}

/** Whether the pictures of the documentation are taken anew. */
export const keepsPictures = process.env.KEEP_IMAGES === '1';

/** Saves a part of the page in docs/images if KEEP_IMAGES=1 is set. */
export async function picture(page: Page, name: string, clip: Area): Promise<void> {
	if (!keepsPictures) return;
	// Fields show more controls below the mouse.
	await page.mouse.move(0, 0);
	const file = imageFile(name);
	mkdirSync(path.dirname(file), { recursive: true });
	writeFileSync(file, withFewColours(await atRest(page, clip)));
}

/** Reduces a PNG to 256 colours, which cuts its size to a third. */
function withFewColours(file: Buffer): Buffer {
	const image = UPNG.decode(new Uint8Array(file).buffer);
	const { width, height } = image;
	return Buffer.from(UPNG.encode(UPNG.toRGBA8(image), width, height, 256));
}

/** Repeats the screenshot until two in succession are equal, so that loading and animations have ended. */
async function atRest(page: Page, clip: Area): Promise<Buffer> {
	let before: Buffer = Buffer.alloc(0);
	for (let tries = 0; tries < 20; tries++) {
		const image = await page.screenshot({ clip, animations: 'disabled', caret: 'hide' });
		if (image.equals(before)) return image;
		before = image;
		await wait(150);
	}
	return before;
}
