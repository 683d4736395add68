import type { IDataObject } from 'n8n-workflow';

import { api } from './api';
import { credentials as ofFox, delivery, Fox, headers } from './fox';
import { Trigger } from './host';
import { credentials as ofPlans } from './plans';
import { cancelled, credentials as ofPromoter, Promoter } from './promoter';
import { credentials as ofReferrals } from './referrals';

/** Repeats whatever was sent, as some APIs do in a refusal. */
const echo = (status: number) => (sent: { headers: object; body: unknown }) =>
	[status, { message: `refused: ${JSON.stringify([sent.headers, sent.body])}` }] as [
		number,
		unknown,
	];

describe('a key that was pasted with blanks or invisible characters', () => {
	it.each(['\n', '\r\n', ' ', '\t', '\u200b', '\ufeff', '\u00a0'])(
		'and %j is compared, sent and redacted as the key that it is',
		async (blank) => {
			const fox = new Fox();
			const secretKey = `${blank}fox-secret-4711${blank}`;
			const trigger = await Trigger.of({
				node: 'FunnelFoxTrigger',
				credentials: { FunnelFoxApi: { ...ofFox.FunnelFoxApi, secretKey } },
				parameters: { options: { includeRaw: true } },
			});
			const body = delivery({ note: 'sent with fox-secret-4711' });
			const { items } = await trigger.deliver(body, headers);
			expect(items).toHaveLength(1);
			expect(JSON.stringify(items)).not.toContain('fox-secret-4711');
			expect(fox.sent[0].headers['fox-secret']).toBe('fox-secret-4711');
		},
	);

	it('and that no header can hold lets no delivery in', async () => {
		new Fox();
		const trigger = await Trigger.of({
			node: 'FunnelFoxTrigger',
			credentials: { FunnelFoxApi: { ...ofFox.FunnelFoxApi, secretKey: 'fox\nsecret' } },
		});
		expect(await trigger.deliver(delivery(), { 'fox-secret': 'fox\nsecret' })).toMatchObject({
			status: 401,
		});
		expect(trigger.warnings.join()).toContain(
			"rejects every delivery: The credential's secret holds a line break",
		);
	});
});

describe('a refusal that repeats the request', () => {
	const secrets = (credentials: object) =>
		Object.values(credentials)
			.flatMap((one) => Object.entries(one as IDataObject))
			.filter(([name]) => /key|token|secret/i.test(name))
			.map(([, secret]) => String(secret));

	it.each([
		['Reditus', 'ReditusTrigger', ofReferrals, 'https://reditus.example'],
		['Smokeball', 'SmokeballTrigger', ofPlans, 'https://smoke.example'],
	] as const)('shows no key of %s in a failed poll', async (_, node, credentials, origin) => {
		api(origin, echo(403));
		const trigger = await Trigger.of({ node, credentials: { ...credentials } });
		for (const mode of ['trigger', 'manual'] as const) {
			const failure = await trigger.poll(mode).catch((error: Error) => error);
			const text = JSON.stringify([(failure as Error).message, failure]);
			expect(text).toContain('refused');
			for (const secret of secrets(credentials)) expect(text).not.toContain(secret);
		}
	});

	it.each([
		[422, 0],
		[500, 0],
		[422, 240],
		[422, 255],
	])('shows neither key nor fresh secret at a %i, behind %i characters', async (status, before) => {
		let secret = '';
		const promoter = new Promoter();
		promoter.instead = ({ method, body, headers }) => {
			secret = String((body.headers as IDataObject)?.['x-cancellations-secret']);
			const words = [secret, headers.authorization].join(' ');
			const message = `${'.'.repeat(before)} refused: x-cancellations-secret ${words}`;
			return method === 'POST' ? [status, { message }] : undefined;
		};
		const trigger = await Trigger.of({ node: 'FirstPromoterTrigger', credentials: ofPromoter });
		const failure = await trigger.activate().catch((error: Error) => error);
		const text = JSON.stringify([(failure as Error).message, failure]);
		expect(text).toContain('refused');
		expect(secret).toMatch(/^[0-9a-f]{64}$/);
		expect(text).not.toContain(secret.slice(0, 10));
		expect(text).not.toContain('fp-key-4711');
	});

	it.each([
		[503, 'in the log'],
		[401, 'in a failed execution'],
	])('of a record at a %i shows no key %s', async (status) => {
		const fox = new Fox();
		fox.instead = echo(status);
		const trigger = await Trigger.of({ node: 'FunnelFoxTrigger', credentials: ofFox });
		const { failed = '' } = await trigger.deliver(delivery(), headers);
		const text = [failed, ...trigger.warnings].join();
		expect(text).toContain('refused');
		expect(text).not.toContain('fox-secret-4711');
	});
});

describe('the secret of a webhook', () => {
	it('is not saved: static data is part of every export', async () => {
		const promoter = new Promoter();
		const trigger = await Trigger.of({ node: 'FirstPromoterTrigger', credentials: ofPromoter });
		await trigger.activate();
		const secret = promoter.headers()['x-cancellations-secret'];
		expect(JSON.stringify(trigger.saved)).not.toContain(secret);
		const digest = (trigger.saved['node:Trigger'] as { registration: { secretDigest: string } })
			.registration.secretDigest;
		// What is saved opens nothing.
		const forged = await trigger.deliver(cancelled(), { 'x-cancellations-secret': digest });
		expect(forged).toMatchObject({ status: 401 });
	});
});
