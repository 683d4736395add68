import fc from 'fast-check';
import nock from 'nock';
import type { IDataObject } from 'n8n-workflow';

import { at, tested } from '../credentials/tested';
import { testCredential } from '../credentials/testCredential';
import { runNode, type Setting } from '../host/harness';
import { foundNow, pick } from '../providers/wire';

const key = 'fox/secret+of ada=1';
const origin = 'https://api.fox.test';
const credentials = { funnelFoxApi: { secretKey: key, baseUrl: `${origin}/v1` } };
/** As the key comes out of n8n: as it is, in a URL, in base64, in JSON. */
const shown = [
	key,
	encodeURIComponent(key),
	encodeURIComponent(key).toLowerCase(),
	encodeURIComponent(encodeURIComponent(key)),
	Buffer.from(key).toString('base64'),
	Buffer.from(key).toString('hex'),
	'fox\\/secret+of ada=1',
];

/** Where a provider may repeat the key that it was sent. */
const bodies: Array<(said: string) => unknown> = [
	(said) => ({ message: `The key ${said} may not do that.` }),
	(said) => ({ error: said }),
	(said) => ({ errors: [{ detail: said }, said] }),
	(said) => ({ details: { [said]: [said] } }),
	(said) => ({ title: 'No', detail: JSON.stringify({ key: said }) }),
	(said) => ({ status: { messageCode: 'DENIED', message: said } }),
	(said) => ({ id: said, status: said, data: [{ id: said, status: said, email: said }] }),
	(said) => said,
	(said) => `<html><p>${said}</p></html>`,
	(said) => `"Bad key: ${said}"`,
	(said) => `{"message": "${said}`,
];

const answer = fc.record({
	status: fc.constantFrom(200, 302, 400, 401, 403, 404, 422),
	body: fc.constantFrom(...bodies),
	said: fc.constantFrom(...shown),
});

/** Every request of this test is answered so. */
function answerAll({
	status,
	body,
	said,
}: {
	status: number;
	body: (said: string) => unknown;
	said: string;
}) {
	nock.cleanAll();
	const text = body(said);
	const headers = {
		location: `https://other.test/?key=${encodeURIComponent(said)}`,
		'x-echo': said,
	};
	for (const method of ['GET', 'POST']) {
		nock(/.*/)
			.persist()
			.intercept(/.*/, method)
			.reply(status, text as nock.Body, headers);
	}
}

const run = async (operation: string, more: Partial<Setting> = {}, parameters: IDataObject = {}) =>
	await runNode({
		node: 'funnelFox',
		items: [{}],
		credentials,
		onError: 'continueRegularOutput',
		...more,
		parameters: {
			resource: 'subscription',
			operation,
			subscriptionId: { __rl: true, mode: 'id', value: 'sub_ada' },
			dryRun: false,
			returnAll: true,
			...parameters,
			options: {
				timeout: 500,
				maxAttempts: 1,
				requestsPerMinute: 60_000,
				...(operation === 'cancel' && { includeResponse: true }),
			},
		},
	});

/** The ways on which a text of a provider leaves a node. */
const exits: Record<string, () => Promise<unknown>> = {
	'an item': async () => (await run('get')).main.map(({ json }) => json),
	'the rows of a list': async () => (await run('getAll')).main.map(({ json }) => json),
	'a dry run': async () => (await run('cancel', {}, { dryRun: true })).main.map(({ json }) => json),
	'the error of stop mode': async () => {
		const { thrown, hints, main } = await run('get', { onError: undefined });
		return [thrown?.message, thrown?.description, thrown?.context, hints, main];
	},
	'the list of a resource locator': async () =>
		await pick('funnelFox', 'searchSubscriptions', credentials).catch((error: Error) => [
			error.message,
			(error as { description?: unknown }).description,
		]),
	'the match preview': async () =>
		await foundNow('funnelFox', credentials, {
			resource: 'subscription',
			operation: 'cancel',
			subscriptionId: { __rl: true, mode: 'email', value: 'ada@example.com' },
		}),
	'the credential test': async () => {
		const [fox] = tested.filter(({ type }) => type === 'funnelFoxApi');
		const data = { ...at(fox, `${origin}/v1`), secretKey: key };
		return await testCredential(fox, data);
	},
};

test.each(Object.entries(exits))(
	'no text of a provider carries the key into %s',
	async (_, exit) => {
		await fc.assert(
			fc.asyncProperty(answer, async (given) => {
				answerAll(given);
				const out = JSON.stringify(await exit());
				for (const form of [...shown, JSON.stringify(key).slice(1, -1)]) {
					expect(out).not.toContain(form);
					expect(out).not.toContain(JSON.stringify(form).slice(1, -1));
				}
			}),
			{ numRuns: 30 },
		);
	},
);

test('no text of a provider carries the key into the result of a write', async () => {
	await fc.assert(
		fc.asyncProperty(
			answer.filter(({ status }) => [302, 400, 401, 403, 404, 422].includes(status)),
			async (given) => {
				answerAll(given);
				const out = JSON.stringify((await run('cancel')).main);
				for (const form of shown) expect(out).not.toContain(JSON.stringify(form).slice(1, -1));
			},
		),
		{ numRuns: 20 },
	);
});

test('a row that is nested 5,000 deep comes out, and the items of a failed run do not', async () => {
	const deep = '{"a":'.repeat(5000) + '{"token":"x"}' + '}'.repeat(5000);
	nock.cleanAll();
	nock(origin)
		.get(/.*/)
		.reply(200, `{"data":[{"id":"sub_1","deep":${deep}}],"pagination":{"has_more":false}}`);
	const { main } = await run('getAll', { items: [{ input: true }] });
	expect(main).toHaveLength(1);
	let inner = main[0].json.deep as IDataObject;
	for (let depth = 0; depth < 5000; depth++) inner = inner.a as IDataObject;
	expect(inner).toEqual({ token: '***' });
});
