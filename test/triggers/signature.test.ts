import { createHmac } from 'node:crypto';
import fc from 'fast-check';

import type { SignatureScheme } from '../../nodes/shared/contract/event';
import { signatureAuth } from '../../nodes/shared/trigger/webhookAuth';

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
			fc.asyncProperty(fc.string({ unit: 'binary' }), fc.string(), async (body, change) => {
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
