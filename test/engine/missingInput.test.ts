import type { IDataObject } from 'n8n-workflow';

import { keys } from '../../sandbox/keys';
import type { Sandbox } from '../../sandbox/server';
import { runNode } from '../host/harness';
import { facts as azotte } from '../providers/azotte/facts';
import { byId } from '../providers/facts';
import { runner } from '../providers/run';
import { accepted, cancelling, onFunnelFox, onSandbox, seeded } from './funnelFoxNode';
import { onServer } from './scriptedServer';

const continuing = { onError: 'continueRegularOutput' as const };
/** What an expression leaves behind that finds nothing, or something else. */
const nothings: Array<[string, unknown]> = [
	['undefined', undefined],
	['null', null],
	['an empty text', ''],
	['a blank', ' '],
	['false', false],
	['an empty list', []],
];
const found = '={{ $json.found }}';

async function expectInvalid(sandbox: Sandbox, more: object, found: unknown, naming: string) {
	const items = ['sub_ada', 'sub_ben'].map((id) => ({ id, found }) as IDataObject);
	const { main } = await runNode(cancelling(sandbox, items, { ...continuing, ...more }));
	expect(main.map(({ json, pairedItem }) => [json.outcome, pairedItem])).toEqual([
		['invalid', { item: 0 }],
		['invalid', { item: 1 }],
	]);
	expect(main[0].json.message).toContain(naming);
	expect(main[0].json.message).toContain('Nothing was sent.');
	expect(sandbox.requests('funnelFox')).toHaveLength(0);
}

describe.each([
	['maxConcurrency', 'Parallel Requests'],
	['maxPerExecution', 'Max per Execution'],
	['maxAttempts', 'Max Tries per Item'],
	['timeout', 'Timeout'],
	['requestsPerMinute', 'Requests per Minute'],
	['expectedEmail', 'Expected Email'],
	['expectedStatus', 'Expected Status'],
	['planToken', 'Plan Token'],
	['requirePlanToken', 'Plan Token Required'],
	['alreadyCancelled', 'If Already Cancelled'],
	['ifSeveral', 'If Several Match'],
	['includeResponse', 'Include Response'],
])('the option %s', (option, label) => {
	const isNothing = ([, value]: [string, unknown]) =>
		!(value === false && ['requirePlanToken', 'includeResponse'].includes(option));
	test.each(nothings.filter(isNothing))(
		'by an expression that finds %s is invalid: all items come out, and nothing is sent',
		async (_, value) =>
			await onFunnelFox(
				async (sandbox) =>
					await expectInvalid(sandbox, { options: { [option]: found } }, value, label),
			),
	);
});

test.each(nothings.filter(([, value]) => value !== false))(
	'Dry Run by an expression that finds %s is invalid, and cancels nothing',
	async (_, value) =>
		await onFunnelFox(
			async (sandbox) => await expectInvalid(sandbox, { dryRun: found }, value, 'Dry Run'),
		),
);

test('a write without a word about Dry Run is a dry run', async () =>
	await onFunnelFox(async (sandbox) => {
		const setting = cancelling(sandbox, [{ id: 'sub_ada' }]);
		delete setting.parameters.dryRun;
		const { main } = await runNode(setting);
		expect(main[0].json.outcome).toBe('preview');
		expect(sandbox.journal()).toHaveLength(0);
	}));

describe('Get Many', () => {
	const listing = (sandbox: Pick<Sandbox, 'url'>, parameters: IDataObject, value?: unknown) =>
		cancelling(sandbox, [{ found: value } as IDataObject], {
			...continuing,
			parameters: { operation: 'getAll', ...parameters },
		});

	describe.each(['email', 'status', 'profileId', 'funnelId', 'psp'])('by the filter %s', (name) => {
		test.each(nothings)(
			'whose expression finds %s lists no subscription: it is invalid',
			async (_, value) =>
				await onFunnelFox(async (sandbox) => {
					const { main } = await runNode(listing(sandbox, { filters: { [name]: found } }, value));
					expect(main).toHaveLength(1);
					expect(main[0].json).toMatchObject({ ok: false, outcome: 'invalid' });
					expect(sandbox.requests('funnelFox')).toHaveLength(0);
				}),
		);
	});

	test.each([
		['undefined', undefined],
		['text', 'ten'],
		['-1', -1],
		['0', 0],
		['1.5', 1.5],
	])(
		'a limit of %s comes out as invalid, not as silence',
		async (_, value) =>
			await onFunnelFox(async (sandbox) => {
				const { main } = await runNode(listing(sandbox, { returnAll: false, limit: found }, value));
				expect(main[0].json).toMatchObject({ outcome: 'invalid' });
				expect(main[0].json.message).toContain('Limit');
			}),
	);

	test('Return All of "true" returns all', async () =>
		await onFunnelFox(async (sandbox) => {
			seeded(sandbox, 130);
			const { main } = await runNode(listing(sandbox, { returnAll: found, limit: 5 }, 'true'));
			expect(main.length).toBeGreaterThan(130);
		}));

	test.each([[{ data: null }], [{}], [[]], [{ data: { id: 'x' } }]])(
		'an answer of %j holds no list: no row comes out of it',
		async (body) =>
			await onServer(
				() => ({ status: 200, body }),
				async ({ url }) => {
					const { main } = await runNode(listing({ url }, { returnAll: true }));
					expect(main).toHaveLength(1);
					expect(main[0].json).toMatchObject({ ok: false, outcome: 'failed' });
				},
			),
	);

	const searching = (url: string) => {
		const subscriptionId = { __rl: true, mode: 'email', value: 'ada@example.com' };
		return cancelling({ url }, [{}], { ...continuing, parameters: { subscriptionId } });
	};
	const endless = (before: number) => ({
		status: 200,
		body: { data: [], pagination: { has_more: true, next_cursor: `c${before}` } },
	});
	test('empty pages with ever new cursors end after three', async () =>
		await onServer(
			({ before }) => endless(before),
			async ({ url, asked }) => {
				const { main } = await runNode(listing({ url }, { returnAll: true }));
				expect(main[0].json).toMatchObject({
					...{ ok: false, outcome: 'failed' },
					description: '3 pages without a record came in a row, each naming another one.',
				});
				expect(asked).toHaveLength(3);
			},
		));

	test('no page is read that is not wanted', async () =>
		await onServer(
			({ before }) => {
				const data = [{ id: `sub_${before}_1` }, { id: `sub_${before}_2` }];
				return { status: 200, body: { ...endless(before).body, data } };
			},
			async ({ url, asked }) => {
				const { main } = await runNode(listing({ url }, { returnAll: false, limit: 4 }));
				expect(main).toHaveLength(4);
				expect(asked).toHaveLength(2);
			},
		));

	test('empty pages between full ones end nothing', async () =>
		await onServer(
			({ before }) => {
				const { status, body } = endless(before);
				const data = [2, 5].includes(before) ? [{ id: `sub_${before}`, status: 'active' }] : [];
				return { status, body: { ...body, data, ...(before === 7 && { pagination: {} }) } };
			},
			async ({ url, asked }) => {
				const { main } = await runNode(listing({ url }, { returnAll: true }));
				expect(main.map(({ json }) => json.id)).toEqual(['sub_2', 'sub_5']);
				expect(asked).toHaveLength(8);
			},
		));

	test('a search by e-mail ends after three of them as well, and cancels nothing', async () =>
		await onServer(
			({ before }) => endless(before),
			async ({ url, asked }) => {
				const { main } = await runNode(searching(url));
				expect(main[0].json).toMatchObject({
					...{ ok: false, outcome: 'failed', attempts: 0 },
					description:
						'It could not be looked up. 3 pages without a match came in a row, each naming another one.',
				});
				expect(asked.map(({ method }) => method)).toEqual(['GET', 'GET', 'GET']);
			},
		));

	test('a search by e-mail counts empty pages anew after a full one', async () =>
		await onServer(
			({ before }) => {
				const { status, body } = endless(before);
				const row = {
					id: `sub_${before}`,
					status: 'active',
					profile: { email: 'ada@example.com' },
				};
				return { status, body: { ...body, data: before === 2 ? [row] : [] } };
			},
			async ({ url, asked }) => {
				const { main } = await runNode(searching(url));
				expect(main[0].json.description).toContain('3 pages without a match');
				expect(asked).toHaveLength(6);
			},
		));

	test('a search by e-mail whose answer is no list has not found out', async () =>
		await onServer(
			() => ({ status: 200, body: {} }),
			async ({ url }) => {
				const { main } = await runNode(searching(url));
				expect(main[0].json).toMatchObject({
					...{ ok: false, outcome: 'failed', attempts: 0 },
					description: 'It could not be looked up. The response is not a list.',
				});
			},
		));
});

test('an ID that a program wrote into the workflow as it is, without a list to choose from, is one', async () =>
	await onFunnelFox(async (sandbox) => {
		const parameters = { subscriptionId: 'sub_ada' };
		const { main } = await runNode(cancelling(sandbox, [{}], { parameters }));
		expect(main[0].json).toMatchObject({ outcome: 'scheduled', target: 'sub_ada' });
	}));

test('a base URL with blanks and slashes around it works', async () =>
	await onFunnelFox(async (sandbox) => {
		const setting = cancelling(sandbox, [{ id: 'sub_ada' }]);
		const baseUrl = ` ${sandbox.url}/funnelfox/public/v1/ `;
		setting.credentials = { funnelFoxApi: { ...keys.funnelFox, baseUrl } };
		expect((await runNode(setting)).main[0].json.outcome).toBe('scheduled');
	}));

describe('a plan token that is required, in a sub-workflow that an agent calls', () => {
	const called = (sandbox: Sandbox, planToken: unknown) =>
		cancelling(sandbox, [{ id: 'sub_ada', found: planToken } as IDataObject], {
			...continuing,
			mode: 'integrated',
			options: { requirePlanToken: true, planToken: found },
		});

	test.each([[undefined], [''], [null]])(
		'and is %j makes a dry run, whose token then lets it go',
		async (none) =>
			await onFunnelFox(async (sandbox) => {
				const preview = await runNode(called(sandbox, none));
				expect(preview.main[0].json.outcome).toBe('preview');
				expect(accepted(sandbox).size).toBe(0);
				const { main } = await runNode(called(sandbox, preview.main[0].json.planToken));
				expect(main[0].json.outcome).toBe('scheduled');
			}),
	);

	test('and is left out altogether makes a dry run', async () =>
		await onFunnelFox(async (sandbox) => {
			const setting = cancelling(sandbox, [{ id: 'sub_ada' }], {
				options: { requirePlanToken: true },
			});
			expect((await runNode(setting)).main[0].json.outcome).toBe('preview');
			expect(accepted(sandbox).size).toBe(0);
		}));
});

test.each([[null], [' '], [false], [''], [-1], ['one']])(
	'a step of %j is not taken for the first',
	async (currentStep) =>
		await onSandbox(async (sandbox) => {
			const { setting } = runner('azotte', 'subscription', azotte.account(sandbox.url));
			const { main } = await runNode(
				setting(
					'confirmCancel',
					{ orderIdentifier: byId('or_ada'), additionalFields: { currentStep: found } },
					{ items: [{ found: currentStep } as IDataObject] },
				),
			);
			expect(main[0].json).toMatchObject({ outcome: 'invalid' });
			expect(sandbox.requests('azotte')).toHaveLength(0);
		}),
);

test('an operation that there is not is refused by its name', async () =>
	await onFunnelFox(async (sandbox) => {
		const parameters = { operation: 'cancle' };
		const { main } = await runNode(
			cancelling(sandbox, [{ id: 'sub_ada' }], { ...continuing, parameters }),
		);
		expect(main[0].json).toMatchObject({
			...{ outcome: 'invalid', operation: 'cancle', target: '', email: null },
			message:
				'The operation "cancle" is not one of this node\'s. Nothing was sent. Choose one of: Cancel, Get, Get Many; for any other call use the HTTP Request node. [item 0]',
		});
		expect(sandbox.requests('funnelFox')).toHaveLength(0);
	}));

test('an expression that n8n cannot evaluate spoils no other item', async () =>
	await onFunnelFox(async (sandbox) => {
		const id = "={{ $json.id ?? $('Missing').item.json.id }}";
		const parameters = { subscriptionId: { __rl: true, mode: 'id', value: id } };
		const { main } = await runNode(
			cancelling(sandbox, [{}, { id: 'sub_ada' }], { ...continuing, parameters }),
		);
		expect(main.map(({ json }) => json.outcome)).toEqual(['invalid', 'scheduled']);
		expect(main[0].json.message).toMatch(
			/^The item could not be read: .*[^.]\. Nothing was sent\./,
		);
	}));

test('a key is not sent in the clear: whose base URL it is stands in the message', async () =>
	await onFunnelFox(async (sandbox) => {
		const credentials = {
			funnelFoxApi: { ...keys.funnelFox, baseUrl: 'http://api.example.com/public/v1' },
		};
		const { main } = await runNode({
			...cancelling(sandbox, [{ id: 'sub_ada' }], continuing),
			credentials,
		});
		expect(main[0].json).toMatchObject({ outcome: 'invalid' });
		expect(main[0].json.message).toContain(
			'The base URL of the FunnelFox credential must start with https://. Nothing was sent. Correct it in the credential.',
		);
	}));
