import type { IDataObject } from 'n8n-workflow';

import type { RecordReading } from '../../nodes/shared/model/recordReading';
import { checkGuards, checkReplayGuard, hasGuards } from '../../nodes/shared/write/guards';
import type { Sandbox } from '../../sandbox/server';
import { keys } from '../../sandbox/keys';
import { runNode } from '../host/harness';
import { accepted, cancelling, onFunnelFox } from './funnelFoxNode';
import { activeState, writeItem, type ItemSettings } from './sampleProvider';

const ada = [{ id: 'sub_ada' }];
const continuing = { onError: 'continueRegularOutput' as const };

async function dryRun(sandbox: Sandbox, more: object = {}) {
	const { main } = await runNode(cancelling(sandbox, ada, { dryRun: true, ...more }));
	return main[0].json as IDataObject & { planToken: string; wouldBe: IDataObject };
}

async function withToken(sandbox: Sandbox, planToken: string, more: object = {}) {
	const { main } = await runNode(
		cancelling(sandbox, ada, { ...continuing, options: { planToken }, ...more }),
	);
	return main[0].json as IDataObject;
}

describe('a dry run', () => {
	test('shows what it read, what would happen and the request, and sends no write', async () =>
		await onFunnelFox(async (sandbox) => {
			const json = await dryRun(sandbox, {
				parameters: { additionalFields: { reason: 'Too expensive' } },
				options: { includeResponse: true },
			});
			expect(json).toMatchObject({
				reason: 'Too expensive',
				ok: true,
				ended: false,
				outcome: 'preview',
				dryRun: true,
				attempts: 0,
				current: { status: 'active', active: true, email: 'ada@example.com' },
				wouldBe: { outcome: 'scheduled', effectiveAt: expect.stringMatching(/T00:00:00\.000Z$/) },
				request: {
					method: 'POST',
					url: `${sandbox.url}/funnelfox/public/v1/subscriptions/sub_ada/cancel`,
					body: { reason: 'Too expensive' },
				},
			});
			expect(json.planToken).toMatch(/^[\w.-]{20,200}$/);
			expect(JSON.stringify(json)).not.toContain(keys.funnelFox.secretKey);
			expect(sandbox.requests('funnelFox').map(({ method }) => method)).toEqual(['GET']);
		}));

	test('is a flat row that a person can read, unless the response is asked for', async () =>
		await onFunnelFox(async (sandbox) => {
			const json = await dryRun(sandbox);
			expect(json).not.toHaveProperty('current');
			expect(json).not.toHaveProperty('request');
			expect(json).toMatchObject({ wouldBe: { outcome: 'scheduled' }, target: 'sub_ada' });
		}));

	test('of a cancelled target says that there would be nothing left', async () =>
		await onFunnelFox(async (sandbox) => {
			const { main } = await runNode(cancelling(sandbox, [{ id: 'sub_cleo' }], { dryRun: true }));
			expect(main[0].json).toMatchObject({
				outcome: 'preview',
				ended: false,
				wouldBe: { outcome: 'alreadyCancelled' },
			});
		}));

	test('of an unknown target is not found', async () =>
		await onFunnelFox(async (sandbox) => {
			const { main } = await runNode(
				cancelling(sandbox, [{ id: 'nope' }], { dryRun: true, ...continuing }),
			);
			expect(main[0].json).toMatchObject({ outcome: 'notFound', attempts: 0 });
		}));

	test('may be decided per item', async () =>
		await onFunnelFox(async (sandbox) => {
			const items = [
				{ id: 'sub_ada', dry: true },
				{ id: 'sub_ben', dry: false },
			];
			const { main } = await runNode(cancelling(sandbox, items, { dryRun: '={{ $json.dry }}' }));
			expect(main.map(({ json }) => json.outcome)).toEqual(['preview', 'scheduled']);
			expect([...accepted(sandbox).keys()]).toEqual(['sub_ben']);
		}));

	test('takes nothing of what a run may carry out', async () =>
		await onFunnelFox(async (sandbox) => {
			const items = ['ada', 'ben', 'renewed'].map((who) => ({ id: `sub_${who}` }));
			const dryRun = "={{ $json.id !== 'sub_ben' }}";
			const options = { maxPerExecution: 1 };
			const { main } = await runNode(cancelling(sandbox, items, { dryRun, options }));
			expect(main.map(({ json }) => json.outcome)).toEqual(['preview', 'scheduled', 'preview']);
		}));
});

test.each([
	['true', 'preview'],
	['yes', 'invalid'],
	[1, 'invalid'],
])(
	'a Dry Run of %j comes out as %s: text is never taken for "no"',
	async (dry, outcome) =>
		await onFunnelFox(async (sandbox) => {
			const { main } = await runNode(
				cancelling(sandbox, [{ id: 'sub_ada', dry }], {
					...continuing,
					dryRun: '={{ $json.dry }}',
				}),
			);
			expect(main[0].json.outcome).toBe(outcome);
			expect(sandbox.journal()).toHaveLength(0);
		}),
);

describe('a plan token', () => {
	test('lets the real run go when nothing has changed, with one read', async () =>
		await onFunnelFox(async (sandbox) => {
			const { planToken, wouldBe } = await dryRun(sandbox);
			const json = await withToken(sandbox, planToken);
			expect(json).toMatchObject({
				outcome: wouldBe.outcome,
				effectiveAt: wouldBe.effectiveAt,
				attempts: 1,
			});
			expect(sandbox.requests('funnelFox').map(({ method }) => method)).toEqual([
				'GET',
				'GET',
				'POST',
			]);
		}));

	test('refuses when the record has changed, shows both, and sends nothing', async () =>
		await onFunnelFox(async (sandbox) => {
			const { planToken } = await dryRun(sandbox);
			sandbox.change('funnelFox', 'sub_ada', { status: 'paused' });
			const json = await withToken(sandbox, planToken);
			expect(json).toMatchObject({ outcome: 'refused', attempts: 0 });
			expect(json.message).toMatch(
				/has changed since the dry run \(planned: active, .*; now: paused, .*\)\. Nothing was sent\. Make a new dry run/,
			);
			expect(sandbox.journal()).toHaveLength(0);
		}));

	test('refuses another request: other target, other fields, other account', async () =>
		await onFunnelFox(async (sandbox) => {
			const { planToken } = await dryRun(sandbox);
			const other = { parameters: { additionalFields: { reason: 'Another' } } };
			const foreign = await runNode(
				cancelling(sandbox, [{ id: 'sub_ben' }], { ...continuing, options: { planToken } }),
			);
			for (const json of [await withToken(sandbox, planToken, other), foreign.main[0].json]) {
				expect(json).toMatchObject({ outcome: 'refused' });
				expect(json.message).toMatch(/made for another request .*\(planned \S+, now \S+\)/);
			}
			expect(sandbox.journal()).toHaveLength(0);
		}));

	test.each(['x', 'plan1.a.b', 'plan1', '..'])(
		'of "%s" is refused',
		async (planToken) =>
			await onFunnelFox(async (sandbox) => {
				const json = await withToken(sandbox, planToken);
				expect(json).toMatchObject({ outcome: 'refused' });
				expect(sandbox.journal()).toHaveLength(0);
			}),
	);

	test.each([
		['planToken', ''],
		['planToken', '{{ $json.planToken }}'],
		['expectedEmail', ''],
		['expectedEmail', 'undefined'],
		['expectedStatus', '  '],
	])(
		'or an expectation that is switched on but missing guards nothing: %s of "%s" sends nothing',
		async (name, value) =>
			await onFunnelFox(async (sandbox) => {
				const { main } = await runNode(
					cancelling(sandbox, ada, { ...continuing, options: { [name]: value } }),
				);
				expect(main[0].json).toMatchObject({ outcome: 'invalid', attempts: 0 });
				expect(sandbox.requests('funnelFox')).toHaveLength(0);
			}),
	);

	test('survives an e-mail: spaces around it do not matter', async () =>
		await onFunnelFox(async (sandbox) => {
			const { planToken } = await dryRun(sandbox);
			expect(await withToken(sandbox, ` ${planToken}\n`)).toMatchObject({ outcome: 'scheduled' });
		}));
});

describe('the right customer', () => {
	const expecting = async (sandbox: Sandbox, options: IDataObject, items = ada) =>
		(await runNode(cancelling(sandbox, items, { ...continuing, options }))).main[0].json;

	test('an e-mail that matches, whatever its case, lets the item go', async () =>
		await onFunnelFox(async (sandbox) => {
			expect(await expecting(sandbox, { expectedEmail: 'ADA@example.com ' })).toMatchObject({
				ok: true,
			});
		}));

	test('another e-mail is refused with both addresses', async () =>
		await onFunnelFox(async (sandbox) => {
			const json = await expecting(sandbox, { expectedEmail: 'ben@example.com' });
			expect(json).toMatchObject({ outcome: 'refused' });
			expect(json.message).toContain('belongs to ada@example.com, not to ben@example.com');
			expect(sandbox.journal()).toHaveLength(0);
		}));

	test('another status is refused with both', async () =>
		await onFunnelFox(async (sandbox) => {
			expect(await expecting(sandbox, { expectedStatus: 'active' })).toMatchObject({ ok: true });
			const json = await expecting(sandbox, { expectedStatus: 'active' }, [{ id: 'sub_emil' }]);
			expect(json.message).toContain('has the status "paused", not "active"');
		}));

	test('a target that does not exist is not found, rather than refused', async () =>
		await onFunnelFox(async (sandbox) => {
			const json = await expecting(sandbox, { expectedEmail: 'ada@example.com' }, [{ id: 'nope' }]);
			expect(json).toMatchObject({ outcome: 'notFound', attempts: 0 });
			expect(sandbox.requests('funnelFox').map(({ method }) => method)).toEqual(['GET']);
		}));

	test('what cannot be read is refused, not waved through', async () =>
		await onFunnelFox(async (sandbox) => {
			sandbox.fault({ provider: 'funnelFox', kind: 'html', on: 'read', times: 0 });
			const json = await expecting(sandbox, { expectedEmail: 'ada@example.com' });
			expect(json).toMatchObject({ outcome: 'refused' });
			expect(sandbox.journal()).toHaveLength(0);
		}));

	test('equal items with different expectations are judged each for itself', async () =>
		await onFunnelFox(async (sandbox) => {
			const items = [
				{ id: 'sub_ada', email: 'ada@example.com' },
				{ id: 'sub_ada', email: 'ben@example.com' },
			];
			const { main } = await runNode(
				cancelling(sandbox, items, {
					...continuing,
					options: { expectedEmail: '={{ $json.email }}' },
				}),
			);
			expect(main[0].json.outcome).toBe('scheduled');
			expect(main[1].json).toMatchObject({ outcome: 'refused' });
		}));
});

describe.each([
	'undefined',
	'null',
	'[object Object]',
	'NaN',
	'{{ $json.id }}',
	'   ',
	'',
	'.',
	'..',
	'a\u0000b',
])('an identifier of %j', (id) => {
	test('is refused and nothing is sent', async () =>
		await onFunnelFox(async (sandbox) => {
			const { main } = await runNode(cancelling(sandbox, [{ id }], continuing));
			expect(main[0].json).toMatchObject({ outcome: 'invalid', attempts: 0 });
			expect(main[0].json.message).toContain('Nothing was sent');
			expect(sandbox.requests('funnelFox')).toHaveLength(0);
		}));
});

test.each([[['sub_ada']], [{ id: 'sub_ada' }], [true]])(
	'%j where text is wanted is refused',
	async (id) =>
		await onFunnelFox(async (sandbox) => {
			const { main } = await runNode(cancelling(sandbox, [{ id } as never], continuing));
			expect(main[0].json).toMatchObject({ outcome: 'invalid' });
			expect(sandbox.requests('funnelFox')).toHaveLength(0);
		}),
);

describe('called by an AI agent', () => {
	const asTool = (sandbox: Sandbox, options: IDataObject = {}, items: IDataObject[] = ada) =>
		cancelling(sandbox, items, { ...continuing, node: 'funnelFoxTool', options });

	test('without a plan token nothing is sent: the answer is the preview, with the next step in words', async () =>
		await onFunnelFox(async (sandbox) => {
			const { main } = await runNode(asTool(sandbox));
			const { outcome, nextStep, planToken } = main[0].json;
			expect(outcome).toBe('preview');
			expect(nextStep).toContain('Nothing has been sent yet.');
			expect(nextStep).toContain('no way to undo it');
			expect(nextStep).toContain(
				`call this tool again with the same input and planToken "${planToken}"`,
			);
			expect(sandbox.journal()).toHaveLength(0);
		}));

	test('with the token it was given it acts', async () =>
		await onFunnelFox(async (sandbox) => {
			const preview = await runNode(asTool(sandbox));
			const { main } = await runNode(
				asTool(sandbox, { planToken: preview.main[0].json.planToken }),
			);
			expect(main[0].json).toMatchObject({ ok: true, outcome: 'scheduled' });
			expect(main[0].json).not.toHaveProperty('nextStep');
		}));

	test.each(['', 'null', ' '])(
		'with a token of "%s" it gets a preview',
		async (planToken) =>
			await onFunnelFox(async (sandbox) => {
				const { main } = await runNode(asTool(sandbox, { planToken }));
				expect(main[0].json.outcome).toBe('preview');
			}),
	);

	test('with a token of its own making it is refused', async () =>
		await onFunnelFox(async (sandbox) => {
			const { main } = await runNode(asTool(sandbox, { planToken: 'plan1.yes.W10' }));
			expect(main[0].json).toMatchObject({ outcome: 'refused' });
			expect(sandbox.journal()).toHaveLength(0);
		}));

	test('it acts on one item a call', async () =>
		await onFunnelFox(async (sandbox) => {
			const first = await runNode(asTool(sandbox));
			const { planToken } = first.main[0].json;
			const { main } = await runNode(asTool(sandbox, { planToken }, [...ada, { id: 'sub_ben' }]));
			expect(main.map(({ json }) => json.outcome)).toEqual(['refused', 'refused']);
			expect(main[0].json.message).toBe(
				'sub_ada: an AI agent carries out one item a call, but this call has 2. Nothing was sent. Call it once for each. [item 0]',
			);
			expect(sandbox.journal()).toHaveLength(0);
		}));
});

describe('the check of a guard', () => {
	type Options = ItemSettings['options'];
	const item = (options: Options = {}) => writeItem({ options });
	const found: RecordReading = { kind: 'found', state: activeState() };
	/** Why nothing is sent; undefined where the item may go on. */
	const refusal = (options: Options, reading: RecordReading = found) => {
		try {
			checkGuards(item(options), reading);
		} catch (thrown) {
			return (thrown as Error).message;
		}
		return undefined;
	};

	test('takes place as soon as one of the three is set', () => {
		expect(hasGuards(item())).toBe(false);
		expect(hasGuards(item({ expectedEmail: 'a@example.com' }))).toBe(true);
		expect(hasGuards(item({ expectedStatus: ['active'] }))).toBe(true);
		expect(hasGuards(item({ planToken: 'x' }))).toBe(true);
	});

	test('lets an item go on that matches, in capitals and with blanks around it', () => {
		expect(refusal({})).toBeUndefined();
		expect(refusal({ expectedEmail: ' ADA@example.com' })).toBeUndefined();
		expect(refusal({ expectedStatus: ['paused', 'Active'] })).toBeUndefined();
	});

	test('refuses an item that does not match, names both, and says what to check', () => {
		expect(refusal({ expectedEmail: 'ben@example.com' })).toBe(
			'belongs to ada@example.com, not to ben@example.com. Nothing was sent. Check which customer is meant.',
		);
		const anonymous: RecordReading = { kind: 'found', state: activeState({ email: null }) };
		expect(refusal({ expectedEmail: 'ben@example.com' }, anonymous)).toContain(
			'belongs to no known e-mail address, not to ben@example.com.',
		);
		expect(refusal({ expectedStatus: ['paused', 'trial'] })).toContain(
			'has the status "active", not "paused" or "trial".',
		);
	});

	test.each<RecordReading>([
		{ kind: 'unreadable', reason: 'Not shown.' },
		{ kind: 'failed', reason: 'HTTP 500.', failure: { outcome: 'refused' } },
		{ kind: 'ambiguous', candidates: ['ref_1', 'ref_2'] },
		{ kind: 'notRead' },
	])('refuses an item that it cannot check: %j', (reading) => {
		for (const options of [{ expectedEmail: 'ada@example.com' }, { expectedStatus: ['active'] }]) {
			expect(refusal(options, reading)).toMatch(
				/^could not be checked: .+\. Nothing was sent\. Remove the expectation if you accept that\.$/,
			);
		}
	});

	test('leaves a missing target to its own outcome', () => {
		for (const options of [{ expectedEmail: 'ada@example.com' }, { expectedStatus: ['active'] }]) {
			expect(refusal(options, { kind: 'missing' })).toBeUndefined();
		}
	});

	test('on what was accepted before asks for the right customer, as far as one is known', () => {
		const accepted = (email: string | null) =>
			({ outcome: 'cancelled', attempts: 1, email }) as const;
		const ben = item({ expectedEmail: 'ben@example.com' });
		expect(() => checkReplayGuard(ben, accepted('ada@example.com'))).toThrow(
			'belongs to ada@example.com, not to ben@example.com.',
		);
		expect(() => checkReplayGuard(ben, accepted(null))).not.toThrow();
		expect(() => checkReplayGuard(ben, accepted('BEN@example.com'))).not.toThrow();
		expect(() => checkReplayGuard(item(), accepted('ada@example.com'))).not.toThrow();
	});
});
