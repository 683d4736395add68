import { crc32, deflateSync, inflateSync } from 'node:zlib';

/**
 * Reduces a PNG to 256 colours, which cuts its size to a third. Rare colours, at the edges of letters,
 * become the nearest frequent ones.
 * @param file 8 bits per channel, not interlaced, as in a browser's screenshot
 */
export function withFewColours(file: Buffer): Buffer {
	const { width, height, colours } = pixels(file);
	const palette = frequent(colours);
	const indexOf = nearestIn(palette);
	const lines = Buffer.alloc(height * (width + 1));
	for (let y = 0; y < height; y++) {
		// The first byte of a line is its filter: none.
		for (let x = 0; x < width; x++)
			lines[y * (width + 1) + 1 + x] = indexOf(colours[y * width + x]);
	}
	const head = Buffer.alloc(13);
	head.writeUInt32BE(width, 0);
	head.writeUInt32BE(height, 4);
	// 8 bits, from a palette.
	head.set([8, 3, 0, 0, 0], 8);
	return Buffer.concat([
		file.subarray(0, 8),
		chunk('IHDR', head),
		chunk('PLTE', Buffer.from(palette.flatMap(channels))),
		chunk('IDAT', deflateSync(lines, { level: 9 })),
		chunk('IEND', Buffer.alloc(0)),
	]);
}

const channels = (colour: number) => [colour >> 16, (colour >> 8) & 255, colour & 255];

function chunk(type: string, content: Buffer): Buffer {
	const named = Buffer.concat([Buffer.from(type), content]);
	const frame = Buffer.alloc(8);
	frame.writeUInt32BE(content.length, 0);
	frame.writeUInt32BE(crc32(named), 4);
	return Buffer.concat([frame.subarray(0, 4), named, frame.subarray(4)]);
}

/** Each pixel as one number, red first; transparency is left out. */
function pixels(file: Buffer) {
	const [width, height] = [file.readUInt32BE(16), file.readUInt32BE(20)];
	const [depth, kind] = [file[24], file[25]];
	const size = { 2: 3, 6: 4 }[kind];
	if (depth !== 8 || size === undefined) throw new Error('This PNG is none of a screenshot.');
	const parts: Buffer[] = [];
	for (let at = 8; at < file.length; at += 12 + file.readUInt32BE(at)) {
		if (file.toString('latin1', at + 4, at + 8) === 'IDAT') {
			parts.push(file.subarray(at + 8, at + 8 + file.readUInt32BE(at)));
		}
	}
	const bytes = unfiltered(inflateSync(Buffer.concat(parts)), width * size, height, size);
	const colours = new Uint32Array(width * height);
	for (let pixel = 0; pixel < colours.length; pixel++) {
		colours[pixel] = bytes.readUIntBE(pixel * size, 3);
	}
	return { width, height, colours };
}

/** https://www.w3.org/TR/png-3/#9Filters */
function unfiltered(lines: Buffer, length: number, height: number, size: number): Buffer {
	const bytes = Buffer.alloc(length * height);
	for (let y = 0; y < height; y++) {
		const filter = lines[y * (length + 1)];
		for (let x = 0; x < length; x++) {
			const at = y * length + x;
			const left = x < size ? 0 : bytes[at - size];
			const up = y === 0 ? 0 : bytes[at - length];
			const corner = x < size || y === 0 ? 0 : bytes[at - length - size];
			const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter];
			bytes[at] = lines[y * (length + 1) + 1 + x] + guess;
		}
	}
	return bytes;
}

function paeth(left: number, up: number, corner: number): number {
	const guess = left + up - corner;
	const distances = [left, up, corner].map((each) => Math.abs(guess - each));
	return [left, up, corner][distances.indexOf(Math.min(...distances))];
}

/** The most frequent colours. */
function frequent(colours: Uint32Array): number[] {
	const counts = new Map<number, number>();
	for (const colour of colours) counts.set(colour, (counts.get(colour) ?? 0) + 1);
	const byCount = [...counts].sort(([, one], [, other]) => other - one);
	return byCount.slice(0, 256).map(([colour]) => colour);
}

function nearestIn(palette: number[]): (colour: number) => number {
	const known = new Map(palette.map((colour, index) => [colour, index]));
	return (colour) => {
		const index = known.get(colour);
		if (index !== undefined) return index;
		const [red, green, blue] = channels(colour);
		const distances = palette.map((other) => {
			const [r, g, b] = channels(other);
			return (r - red) ** 2 + (g - green) ** 2 + (b - blue) ** 2;
		});
		const nearest = distances.indexOf(Math.min(...distances));
		known.set(colour, nearest);
		return nearest;
	};
}
