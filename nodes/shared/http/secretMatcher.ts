const mask = '***';

/** From here (inclusive) to there (exclusive), in UTF-16 units. */
type Span = [from: number, to: number];

const unique = (texts: string[]) => [...new Set(texts)];

/** What base64 shows of a secret wherever it stands in a longer text, such as `user:secret`. */
function insideBase64(secret: string): string[] {
	return [0, 1, 2].map((offset) => {
		const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(secret)]);
		// Only signs that hold nothing but bits of the secret.
		const [from, to] = [Math.ceil((offset * 8) / 6), Math.floor((bytes.length * 8) / 6)];
		return bytes.toString('base64').slice(from, to);
	});
}

/** The texts that show a secret: itself, with a form's blanks, in base64 and base64url, in hexadecimal. */
function formsOf(secret: string): string[] {
	const bytes = Buffer.from(secret);
	const [hex, base64] = [bytes.toString('hex'), bytes.toString('base64')];
	const inBase64 = [base64, base64.replace(/=+$/, ''), ...insideBase64(secret)].flatMap((text) => [
		text,
		text.replace(/\+/g, '-').replace(/\//g, '_'),
	]);
	return [secret, secret.replace(/ /g, '+'), hex, hex.toUpperCase(), ...inBase64];
}

/** One escaped character, or a sequence of bytes, in each of these: URLs, JSON, HTML. */
const escapes = [
	/%[0-7][\da-f]|(?:%[89a-f][\da-f])+/gi,
	/\\u[\da-f]{4}|\\x[\da-f]{2}|\\["\\/'&]/gi,
	/&#\d{1,7};|&#x[\da-f]{1,6};|&(?:amp|lt|gt|quot|apos);/gi,
];
const htmlNames: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
/** So many layers of encoding are looked into, several of one kind included. */
const maxLayers = 24;

function unescape(text: string): string {
	if (text.startsWith('%')) return Buffer.from(text.replace(/%/g, ''), 'hex').toString();
	if (text.startsWith('\\')) {
		return text.length > 2 ? String.fromCharCode(parseInt(text.slice(2), 16)) : text.slice(1);
	}
	const code = text.slice(1, -1).toLowerCase();
	if (!code.startsWith('#')) return htmlNames[code];
	// "#x3c" as "0x3c", "#60" as "060".
	const point = Number(code.replace('#', '0'));
	return point <= 0x10ffff ? String.fromCodePoint(point) : text;
}

/** Finds the secrets of an account in texts, in whatever encoding they are. */
export class SecretMatcher {
	/** The longest first: one may be a part of another. */
	private readonly forms: string[];

	constructor(secrets: readonly string[]) {
		this.forms = unique(secrets.flatMap(formsOf)).sort((one, other) => other.length - one.length);
	}

	/** Whether a text holds a secret, also one that is escaped several times. */
	matches(text: string): boolean {
		const layers = [text];
		for (const layer of layers) {
			if (this.forms.some((form) => layer.includes(form))) return true;
			for (const escaped of escapes) {
				const inner = layer.replace(escaped, unescape);
				if (layers.length < maxLayers && !layers.includes(inner)) layers.push(inner);
			}
		}
		return false;
	}

	/** The text with a mask in the place of each secret. */
	mask(text: string): string {
		if (!this.matches(text)) return text;
		const spans = this.spansIn(text).sort(([one], [other]) => one - other);
		let masked = '';
		let end = 0;
		for (const [from, to] of spans) {
			if (from >= end) masked += text.slice(end, from) + mask;
			end = Math.max(end, to);
		}
		return masked + text.slice(end);
	}

	/** Where secrets stand in a text, in every layer of encoding. */
	private spansIn(text: string): Span[] {
		const spans: Span[] = [];
		const origins = Array.from({ length: text.length }, (_, unit): Span => [unit, unit + 1]);
		const layers = [{ text, origins }];
		for (const layer of layers) {
			for (const form of this.forms) {
				for (let at = layer.text.indexOf(form); at >= 0; at = layer.text.indexOf(form, at + 1)) {
					spans.push([layer.origins[at][0], layer.origins[at + form.length - 1][1]]);
				}
			}
			for (const escaped of escapes) {
				const inner = unescapeLayer(layer, escaped);
				// The same text comes of escapes in another order; `matches` counts it once, too.
				const isNew = layers.every(({ text: known }) => known !== inner.text);
				if (isNew && layers.length < maxLayers) layers.push(inner);
			}
		}
		return spans;
	}
}

/** A text in which some escapes are read, and for each of its units where it stands in the original. */
interface Layer {
	text: string;
	origins: Span[];
}

function unescapeLayer({ text, origins }: Layer, escaped: RegExp): Layer {
	const inner: Layer = { text: '', origins: [] };
	let end = 0;
	const copy = (to: number) => {
		for (let unit = end; unit < to; unit++) inner.origins.push(origins[unit]);
		inner.text += text.slice(end, to);
	};
	for (const { 0: sequence, index } of text.matchAll(escaped)) {
		copy(index);
		end = index + sequence.length;
		const plain = unescape(sequence);
		const span: Span = [origins[index][0], origins[end - 1][1]];
		for (let unit = 0; unit < plain.length; unit++) inner.origins.push(span);
		inner.text += plain;
	}
	copy(text.length);
	return inner;
}

const known = new WeakMap<readonly string[], SecretMatcher>();

/** The matcher of these secrets; undefined where there is none. */
export function secretMatcher(secrets: readonly string[]): SecretMatcher | undefined {
	if (secrets.length === 0) return undefined;
	const matcher = known.get(secrets) ?? new SecretMatcher(secrets);
	known.set(secrets, matcher);
	return matcher;
}
