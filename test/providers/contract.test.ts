import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import type { IDataObject, INodeProperties, INodeType } from 'n8n-workflow';

import { anyText } from '../anyText';
import type { Operation, Provider } from '../../nodes/shared/contract/provider';
import { startSandbox, type FaultKind, type Sandbox } from '../../sandbox/server';
import { load, runNode } from '../host/harness';
import { facts, providers, secrets } from './samples';

const root = resolve(__dirname, '../..');
const read = (...path: string[]) => readFileSync(join(root, ...path), 'utf8');

const operations = providers.flatMap(({ folder, provider }) =>
	Object.entries(provider.operations).map(([name, operation]) => ({
		folder,
		provider,
		name,
		operation,
		title: `${provider.name}.${name}`,
	})),
);
const writes = operations.filter(({ operation }) => operation.effect !== 'read');

let sandbox: Sandbox;
beforeAll(async () => {
	sandbox = await startSandbox();
});
afterAll(async () => await sandbox.close());
beforeEach(() => sandbox.reset());

const resourceOf = (node: string) =>
	providers.find(({ provider }) => provider.name === node)!.provider.resource.value;

const setting = (node: string, operation: string, address: string, more: IDataObject = {}) => ({
	node,
	items: [{}],
	parameters: {
		resource: resourceOf(node),
		operation,
		dryRun: false,
		...facts[node].samples[operation](address),
		...more,
	},
	credentials: facts[node].account(sandbox.url),
	onError: 'continueRegularOutput' as const,
});

/** With the record and the request. */
const shownDryRun = { dryRun: true, options: { includeResponse: true } };

/** Of everything that calls; undefined: whatever the provider's pace is. */
const plumbing: IDataObject = { maxConcurrency: 5, maxAttempts: 4, timeout: 30_000 };

/** The options that an operation promises, each with its default in the panel. */
function promised({ operation, name }: { operation: Operation; name: string }, node: string) {
	if (operation.effect === 'read') return plumbing;
	const { guardable, referral, effect } = operation;
	return {
		...plumbing,
		planToken: '',
		requirePlanToken: false,
		maxPerExecution: 100,
		includeResponse: false,
		...(guardable?.email && { expectedEmail: '' }),
		...(guardable?.statuses.length && { expectedStatus: [] }),
		...(facts[node].sought?.[name] && { ifSeveral: 'refuse' }),
		...(referral && { ifNotReferral: 'nothingToCancel' }),
		...(effect === 'cancel' && { alreadyCancelled: 'success' }),
		...facts[node].ownOptions?.[name],
	} as IDataObject;
}

async function descriptionOf(node: string) {
	const loader = await load();
	return (loader.getNode(node).type as INodeType).description;
}

/** What n8n shows for an operation. */
async function propertiesFor(node: string, operation: string): Promise<INodeProperties[]> {
	const { properties } = await descriptionOf(node);
	return properties.filter(({ displayOptions }) => {
		const only = displayOptions?.show?.operation;
		return !only || only.includes(operation);
	});
}

/** The fields of these, those of collections as "collection.field". */
async function shownFor(node: string, operation: string): Promise<string[]> {
	const shown = await propertiesFor(node, operation);
	return shown.flatMap(({ name, type, options }) =>
		type === 'collection'
			? (options as INodeProperties[]).map((one) => `${name}.${one.name}`)
			: [name],
	);
}

test('every provider has a folder of tests with its facts', () => {
	expect(Object.keys(facts).sort()).toEqual(providers.map(({ provider }) => provider.name).sort());
});

test.each(providers)('$folder: its facts name every operation', ({ provider }) => {
	const operations = Object.keys(provider.operations).sort();
	const { samples, names } = facts[provider.name];
	expect([Object.keys(samples).sort(), Object.keys(names).sort()]).toEqual([
		operations,
		operations,
	]);
});

describe.each(providers)('$folder', ({ folder, provider }) => {
	test('has fields, responses and provider, and its icons for both themes', () => {
		expect(readdirSync(join(root, 'nodes', folder))).toEqual(
			expect.arrayContaining([
				`${folder}.node.ts`,
				'fields.ts',
				'icon.dark.svg',
				'icon.svg',
				'provider.ts',
				'responses.ts',
			]),
		);
	});

	test('every node of it has its codex beside it, named as n8n finds it', () => {
		const nodes = readdirSync(join(root, 'nodes', folder)).filter((one) => /\.node\.ts$/.test(one));
		expect(nodes.length).toBeGreaterThan(0);
		for (const file of nodes) {
			const codex = JSON.parse(read('nodes', folder, file.replace(/\.ts$/, '.json')));
			const trigger = file.replace(/\.node\.ts$/, '').slice(folder.length);
			expect(codex.node).toBe(`n8n-nodes-cancellations.${provider.name}${trigger}`);
			expect(codex.alias).toEqual(expect.arrayContaining(['cancel', 'cancellation', 'churn']));
		}
	});

	test('says of every action what it is, and may be used as a tool', async () => {
		const { properties, usableAsTool, credentials } = await descriptionOf(provider.name);
		expect(usableAsTool).toBe(true);
		expect((credentials ?? []).map(({ name }) => name)).toEqual(provider.credentials);
		const menu = properties.find(({ name }) => name === 'operation')!
			.options as unknown as IDataObject[];
		expect(menu.map(({ value }) => value).sort()).toEqual(
			Object.keys(facts[provider.name].names).sort(),
		);
		for (const { action, description } of menu)
			expect([action, description]).toEqual([expect.any(String), expect.any(String)]);
	});

	test('its lists are filled by methods that exist', async () => {
		const loader = await load();
		const type = loader.getNode(provider.name).type as INodeType;
		const wanted = [
			...JSON.stringify(type.description.properties).matchAll(/"searchListMethod":"(\w+)"/g),
		];
		for (const [, method] of wanted)
			expect(type.methods?.listSearch?.[method]).toEqual(expect.any(Function));
	});
});

describe.each(operations)('$title', ({ provider, name, operation }) => {
	test('shows the fields of the public contract', async () => {
		const shown = await shownFor(provider.name, name);
		expect(shown).toEqual(expect.arrayContaining(facts[provider.name].names[name]));
	});

	test('starts as a dry run where it writes', async () => {
		const shown = await propertiesFor(provider.name, name);
		const dryRun = shown.filter((one) => one.name === 'dryRun');
		expect(dryRun.map((one) => one.default)).toEqual(operation.effect === 'read' ? [] : [true]);
	});

	test('offers exactly the options that it promises, guards first, with their defaults', async () => {
		const shown = await propertiesFor(provider.name, name);
		const collection = shown.find((one) => one.name === 'options')!.options as INodeProperties[];
		const { requestsPerMinute, ...rest } = Object.fromEntries(
			collection.map((one) => [one.name, one.default]),
		);
		expect(requestsPerMinute).toEqual(expect.any(Number));
		expect(rest).toEqual(promised({ operation, name }, provider.name));
		const isPlumbing = collection.map((one) => one.name in plumbing);
		expect(isPlumbing).toEqual([...isPlumbing].sort());
	});

	test('finds its target by what the public contract names, and by nothing else', async () => {
		const modes = facts[provider.name].sought?.[name];
		expect(Object.keys(operation.searches ?? {})).toEqual(modes ?? []);
		const shown = await propertiesFor(provider.name, name);
		for (const locator of shown.filter(({ type }) => type === 'resourceLocator')) {
			expect(locator.modes?.map((mode) => mode.name)).toEqual(['list', ...(modes ?? []), 'id']);
			for (const { name: mode, hint, placeholder } of locator.modes ?? []) {
				if (modes?.includes(mode))
					expect([hint, placeholder]).toEqual([
						expect.stringMatching(/^Finds /),
						expect.stringMatching(/^e\.g\. /),
					]);
			}
		}
	});

	test('lets no secret out and blames no user, whatever the outcome', async () => {
		for (const address of [facts[provider.name].ada, 'unknown']) {
			const { main, run } = await runNode(setting(provider.name, name, address));
			for (const { json } of main)
				expect(json.message ?? '').not.toMatch(/error|problem|failure|mistake/i);
			const text = JSON.stringify(run);
			for (const secret of [...secrets, 'auth_token":"xx']) expect(text).not.toContain(secret);
		}
	});
});

describe.each(writes)(
	'$title',
	({ provider, name, operation }: { provider: Provider; name: string; operation: Operation }) => {
		test('as a dry run it changes nothing, and shows what would happen', async () => {
			const { main } = await runNode(
				setting(provider.name, name, facts[provider.name].ada, shownDryRun),
			);
			expect(main).toHaveLength(1);
			const { outcome, planToken, request, wouldBe } = main[0].json as IDataObject;
			expect(outcome).toBe('preview');
			expect(planToken).toMatch(/^[\w.-]+$/);
			expect(request).toMatchObject({
				method: expect.stringMatching(/^(POST|PATCH|PUT)$/),
				url: expect.stringContaining(sandbox.url),
			});
			expect(wouldBe).toMatchObject({ outcome: expect.any(String) });
			expect(sandbox.journal()).toEqual([]);
		});

		test('a dry run and then the real run with its plan token succeeds', async () => {
			const dry = await runNode(
				setting(provider.name, name, facts[provider.name].ada, { dryRun: true }),
			);
			const { planToken } = dry.main[0].json as IDataObject;
			const { main } = await runNode(
				setting(provider.name, name, facts[provider.name].ada, { options: { planToken } }),
			);
			expect(main[0].json).toMatchObject({ ok: true, dryRun: false });
		});

		test('says in words for an agent what it does', () => {
			expect('agentDescription' in operation && operation.agentDescription).toMatch(/\.$/);
		});
	},
);

/** Leftovers of an expression or a cell, which stand for no target. */
const leftovers = [
	...[undefined, null, '', {}, false, 0, ' ', '\u200b', 'undefined', 'null', '[object Object]'],
	...['user_undefined', 'NaN', '#N/A', 'a\nb', '.', '..'],
];
const targeted = operations.filter(({ provider, name }) => {
	const [one, other] = ['one', 'other'].map(facts[provider.name].samples[name]);
	return JSON.stringify(one) !== JSON.stringify(other);
});

describe.each(targeted)('$title', ({ provider, name }) => {
	test('sends nothing for a leftover in the place of its target', async () => {
		const items = leftovers.map((id) => ({ id }) as IDataObject);
		const address = '={{ $json.id }}';
		const { main } = await runNode({ ...setting(provider.name, name, address), items });
		expect(main.map(({ json }) => [json.outcome, json.attempts])).toEqual(
			leftovers.map(() => ['invalid', 0]),
		);
		expect(sandbox.requests()).toEqual([]);
	});

	test('is refused by n8n itself where the target is empty', async () => {
		await expect(runNode(setting(provider.name, name, ''))).rejects.toThrow(
			/is required|has issues/,
		);
		expect(sandbox.requests()).toEqual([]);
	});
});

/** What no option may be: an expression that finds nothing, and a text that is no choice. */
describe.each(writes)('$title: an option', ({ provider, name, operation }) => {
	const options = promised({ operation, name }, provider.name);
	const { ada } = facts[provider.name];

	test.each([...Object.keys(options), 'requestsPerMinute'])(
		'is refused where it holds nothing, and nothing is sent: %s',
		async (option) => {
			const wrong = { options: { [option]: '={{ $json.none }}' } };
			const { main } = await runNode(setting(provider.name, name, ada, wrong));
			expect(main[0].json).toMatchObject({ ok: false, outcome: 'invalid', attempts: 0 });
			expect(sandbox.requests()).toEqual([]);
		},
	);

	test('is refused where it is none of the choices, and a dry run where it is neither on nor off', async () => {
		const choices = ['alreadyCancelled', 'ifNotReferral', 'ifSeveral'].filter(
			(option) => option in options,
		);
		for (const wrong of [
			...choices.map((option) => ({ options: { [option]: 'Fail' } })),
			...['={{ $json.none }}', '={{ "" }}', 'yes'].map((dryRun) => ({ dryRun })),
		]) {
			const { main } = await runNode(setting(provider.name, name, ada, wrong));
			expect(main[0].json).toMatchObject({ outcome: 'invalid', attempts: 0 });
		}
		expect(sandbox.requests()).toEqual([]);
	});
});

/** Ada runs, so each of these leads to a write. */
const endsAda = writes.filter(
	({ operation, name }) => operation.effect === 'cancel' && name !== 'requestCancel',
);

/** An answer that every API may give, whatever the operation. */
describe.each(endsAda)('$title: an answer', ({ provider, name }) => {
	const run = async (kind: FaultKind, times = 0) => {
		sandbox.fault({ provider: provider.name, kind, times, retryAfter: 0 });
		const options = { maxAttempts: 2, timeout: 1000 };
		const address = facts[provider.name].ada;
		const { main } = await runNode(setting(provider.name, name, address, { options }));
		return main[0].json;
	};
	const written = () => sandbox.requests().filter(({ effect }) => effect === 'write');

	test('429 is tried again, as often as Max Attempts says', async () => {
		expect(await run('rateLimit', 1)).toMatchObject({ ok: true, attempts: 2 });
		sandbox.reset();
		expect(await run('rateLimit')).toMatchObject({ outcome: 'rateLimited', attempts: 2 });
		expect(written()).toHaveLength(2);
		expect(sandbox.journal()).toEqual([]);
	});

	test('401 is not tried again', async () => {
		expect(await run('unauthorized')).toMatchObject({ ok: false, outcome: 'unauthorized' });
		expect(written()).toHaveLength(1);
	});

	test.each([
		...(['serverErrorAfter', 'dropAfter', 'timeoutAfter', 'html', 'empty', 'redirect'] as const),
		...(['wrongContentType', 'errorInside', 'queued', 'badGateway'] as const),
	])(
		'"%s" is called success only where the record shows it, and is accepted once',
		async (kind) => {
			const { ok, outcome } = await run(kind);
			const accepted = sandbox.journal();
			expect(accepted.length).toBeLessThanOrEqual(1);
			if (ok) expect([outcome, accepted.length]).toEqual([outcome, 1]);
			else expect(['unknown', 'failed', 'pendingProvider', 'notCancellable']).toContain(outcome);
		},
	);
});

test.each(
	writes.filter(
		({ operation }) => operation.effect === 'cancel' && !['requestCancel'].includes(operation.name),
	),
)(
	'$title: a plan is refused once another program has changed the record, where it can be read',
	async ({ provider, name, operation }) => {
		const { recordQuery } = operation as Extract<Operation, { effect: 'cancel' | 'restore' }>;
		const address = facts[provider.name].ada;
		const dry = await runNode(setting(provider.name, name, address, shownDryRun));
		const { planToken, current } = dry.main[0].json as { planToken: string; current: IDataObject };
		expect(typeof recordQuery).toBe('function');
		const { change } = facts[provider.name];
		expect(current.unread === undefined).toBe(change !== undefined);
		if (change === undefined) return;
		sandbox.change(provider.name as never, address, change as never);
		const { main } = await runNode(
			setting(provider.name, name, address, { options: { planToken } }),
		);
		expect(main[0].json).toMatchObject({ ok: false, outcome: 'refused' });
		expect(sandbox.journal()).toEqual([]);
	},
);

describe('a thousand hostile identifiers', () => {
	const hostile = fc.oneof(
		anyText({ maxLength: 40 }),
		fc.string({
			unit: fc.constantFrom(
				'/',
				'\\',
				'.',
				'?',
				'#',
				'&',
				'=',
				'%',
				'+',
				' ',
				':',
				'@',
				';',
				'a',
				'2',
				'e',
				'ü',
				'\n',
				'"',
				"'",
				'{',
				'}',
			),
			maxLength: 20,
		}),
		fc.constantFrom(
			'../admin',
			'..%2f..%2f',
			'%2e%2e',
			'x/../../y',
			'http://evil.test/',
			'//evil.test',
			'a?b=c',
			'a#b',
			'a&uid=b',
			'a b',
			'ü+é',
			'\u202e',
			'{{ $json }}',
			'undefined',
			'null',
		),
		fc.oneof(fc.constant([]), fc.constant({}), fc.constant(true), fc.constant(null), fc.integer()),
	);
	test.each(writes)(
		'$title: no request leaves the documented path and query',
		async ({ provider, name }) => {
			const drawn = fc.sample(hostile, { numRuns: Math.ceil(1000 / writes.length) });
			const addressed = facts[provider.name].samples[name]('={{ $json.id }}');
			const { main } = await runNode({
				...setting(provider.name, name, ''),
				items: drawn.map((id) => ({ id }) as IDataObject),
				parameters: {
					resource: provider.resource.value,
					operation: name,
					dryRun: false,
					...addressed,
					options: { maxPerExecution: 0, requestsPerMinute: 100_000, maxConcurrency: 20 },
				},
			});
			expect(main).toHaveLength(drawn.length);
			for (const { path, query } of sandbox.requests()) {
				expect(path.split('?')[0]).toMatch(facts[provider.name].path);
				for (const key of Object.keys(query as object))
					expect(facts[provider.name].query).toContain(key);
			}
		},
	);
});
