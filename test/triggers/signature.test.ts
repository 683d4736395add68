import { createHmac } from 'node:crypto';
import fc from 'fast-check';

import { anyText } from '../anyText';
import { signature as recurly } from '../../nodes/Recurly/trigger';
import type { SignatureScheme } from '../../nodes/shared/contract/event';
import { signatureAuth, type DeliveredRequest } from '../../nodes/shared/trigger/webhookAuth';

/** As Stripe and Paddle sign: a time and one or more signatures in one header. */
const schemes: Array<
	[name: string, scheme: SignatureScheme, joint: string, write: (t: number, s: string) => string]
> = [
	[
		...(['t=…,v1=…', schemeOf('stripe-signature', /[=,]/, 't', 'v1', '.'), '.'] as const),
		(t, s) => `t=${t},v1=${s}`,
	],
	[
		...(['ts=…;h1=…', schemeOf('paddle-signature', /[=;]/, 'ts', 'h1', ':'), ':'] as const),
		(t, s) => `ts=${t};h1=${s}`,
	],
];

function schemeOf(
	...[header, split, time, name, joint]: [string, RegExp, string, string, string]
): SignatureScheme {
	return {
		header,
		tolerance: 300,
		parse(value) {
			const parts = value.split(split);
			const valuesOf = (key: string) => parts.filter((_, at) => parts[at - 1] === key);
			const [signedAt] = valuesOf(time);
			return signedAt === undefined
				? undefined
				: {
						signedAt: Number(signedAt),
						prefix: `${signedAt}${joint}`,
						signatures: valuesOf(name),
					};
		},
	};
}

const secret = 'whsec_4711';
const seconds = () => Math.floor(Date.now() / 1000);

describe.each(schemes)('a delivery that is signed by %s', (_, scheme, joint, write) => {
	const sign = (body: string, at: number, by = secret) =>
		createHmac('sha256', by).update(`${at}${joint}${body}`).digest('hex');
	const authenticate = async (
		header: string | undefined,
		body: string,
		by: string | undefined = secret,
	) =>
		await signatureAuth(
			by,
			scheme,
		)({
			headers: header === undefined ? {} : { [scheme.header]: header },
			rawBody: async () => Buffer.from(body),
		});

	test('is accepted with its own bytes only', async () => {
		await fc.assert(
			fc.asyncProperty(anyText(), fc.string(), async (body, change) => {
				const at = seconds();
				const header = write(at, sign(body, at));
				expect((await authenticate(header, body)).kind).toBe('accepted');
				const other = (await authenticate(header, `${body}${change}`)).kind;
				expect(other).toBe(change === '' ? 'accepted' : 'rejected');
			}),
		);
	});

	test.each<[string, () => string | undefined, string?]>([
		['no header', () => undefined],
		['an empty one', () => ''],
		['another secret', () => write(seconds(), sign('x', seconds(), 'other'))],
		['a time that is too old', () => write(seconds() - 301, sign('x', seconds() - 301))],
		['a time that is too far ahead', () => write(seconds() + 302, sign('x', seconds() + 302))],
		['a time that is none', () => write(NaN, sign('x', NaN))],
		['another time than was signed', () => write(seconds() - 5, sign('x', seconds()))],
		['the beginning of the signature', () => write(seconds(), sign('x', seconds()).slice(0, 20))],
	])('is rejected with %s', async (__, header) => {
		expect(await authenticate(header(), 'x')).toEqual({ kind: 'rejected' });
	});

	test('is rejected where there is no secret', async () => {
		const at = seconds();
		expect(await authenticate(write(at, sign('x', at, '')), 'x', '')).toEqual({ kind: 'rejected' });
	});
});

const deliveryOf = (text: string, header: string): DeliveredRequest => ({
	headers: { 'recurly-signature': header },
	rawBody: async () => Buffer.from(text),
});

/** A delivery of Recurly that was signed at this time, in the unit of the number. */
function signedAt(text: string, time: number | string, ...signing: string[]): DeliveredRequest {
	const signatures = (signing.length > 0 ? signing : ['key']).map((key) =>
		createHmac('sha256', key).update(`${time}.${text}`).digest('hex'),
	);
	return deliveryOf(text, [time, ...signatures].join(','));
}

describe('the signature of Recurly', () => {
	const text = JSON.stringify({ id: 'one', object_type: 'account', event_type: 'created' });
	const resultOf = async (delivery: DeliveredRequest) =>
		(await signatureAuth('key', recurly)(delivery)).kind;

	test.each<[string, () => DeliveredRequest]>([
		['in milliseconds', () => signedAt(text, Date.now())],
		['in seconds', () => signedAt(text, seconds())],
		['four minutes ago', () => signedAt(text, Date.now() - 240_000)],
		['by two keys, the second of them ours', () => signedAt(text, Date.now(), 'former', 'key')],
		['by two keys, the first of them ours', () => signedAt(text, Date.now(), 'key', 'former')],
	])('%s is accepted', async (_, delivery) => {
		expect(await resultOf(delivery())).toBe('accepted');
	});

	test.each<[string, () => DeliveredRequest]>([
		['that is missing', () => ({ headers: {}, rawBody: async () => Buffer.from(text) })],
		['of another key', () => signedAt(text, Date.now(), 'another')],
		['of an empty key', () => signedAt(text, Date.now(), '')],
		['six minutes ago', () => signedAt(text, Date.now() - 360_000)],
		['six minutes ago in seconds', () => signedAt(text, seconds() - 360)],
		['six minutes ahead', () => signedAt(text, Date.now() + 360_000)],
		['without a time', () => signedAt(text, '')],
		['with a time that is none', () => signedAt(text, 'now')],
		['without a signature', () => deliveryOf(text, `${Date.now()}`)],
		[
			'of another body',
			() => ({ ...signedAt(text, Date.now()), rawBody: async () => Buffer.from(`${text} `) }),
		],
	])('%s is rejected', async (_, delivery) => {
		expect(await resultOf(delivery())).toBe('rejected');
	});

	test('is rejected with whatever text in its header', async () => {
		await fc.assert(
			fc.asyncProperty(anyText({ maxLength: 80 }), async (header) => {
				expect(await resultOf(deliveryOf(text, header))).toBe('rejected');
			}),
		);
	});
});
