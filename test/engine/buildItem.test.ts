import type { ItemResult } from '../../nodes/shared/model/result';
import type { SearchItem } from '../../nodes/shared/model/item';
import {
	buildFoundWrite,
	buildSearchItem,
	buildWriteItem,
} from '../../nodes/shared/input/buildItem';
import { Ledger } from '../../nodes/shared/run/ledger';
import {
	activeState,
	anyAccount,
	cancelOperation,
	newAccount,
	optionsOf,
	provider,
	writeItem,
	type ItemSettings,
} from './sampleProvider';

const account = anyAccount();
const build = (settings: ItemSettings = {}) => writeItem({ account, ...settings });
const accepted = { outcome: 'cancelled', attempts: 1, accepted: true } as ItemResult;

describe('the identity of a write', () => {
	const identity = (settings: ItemSettings = {}) => build(settings).identity;
	const variant = ({ method }: Record<string, unknown>) => method;

	test('depends on provider, base URL, operation, target and variant', () => {
		const others = [
			identity(),
			identity({ provider: { name: 'another' } }),
			identity({ account: { ...account, baseUrl: 'https://eu.example.com' } }),
			identity({ operationName: 'confirmCancel' }),
			identity({ values: { id: 'sub_ben' } }),
			identity({ values: { id: 'Sub_Ada' } }),
			identity({ operation: { variant }, values: { method: 'Immediate' } }),
			identity({ operation: { variant }, values: { method: 'Normal' } }),
		];
		expect(new Set(others).size).toBe(others.length);
	});

	test('depends neither on the credential nor on anything else that may differ on a retry', () => {
		expect(identity({ account: newAccount('rotated') })).toBe(identity());
		expect(identity({ values: { reason: 'price' } })).toBe(identity());
		expect(identity({ nodeId: 'another', index: 7 })).toBe(identity());
		expect(identity({ options: { planToken: 'x', maxAttempts: 1 } })).toBe(identity());
	});

	test('is the same for all spellings of an e-mail address, and another for each spelling of an ID', () => {
		const operation = { email: ({ id }: Record<string, unknown>) => String(id) };
		const at = (id: string) => identity({ operation, values: { id } });
		expect(at('Ada@Example.com')).toBe(at('ada@example.com'));
		expect(identity({ values: { id: 'sub_4GNY' } })).not.toBe(
			identity({ values: { id: 'sub_4GNy' } }),
		);
	});
});

test('the hash of the account differs with the credential, and does not show it', () => {
	const hash = (key: string) => build({ account: newAccount(key) }).accountHash;
	expect(hash('one https://api.example.com')).toMatch(/^[\w-]{8}$/);
	expect(hash('one https://api.example.com')).not.toBe(hash('two https://api.example.com'));
});

test('the digest differs with every parameter and with the credential', () => {
	const digests = [
		build(),
		build({ values: { reason: 'price' } }),
		build({ account: newAccount('rotated') }),
		build({ operationName: 'confirmCancel' }),
	].map(({ digest }) => digest);
	expect(new Set(digests).size).toBe(4);
	expect(build({ index: 3, options: { maxAttempts: 1 } }).digest).toBe(digests[0]);
});

test('the hash of the request differs with the identity and with the end that is asked for', () => {
	const hash = (values: Record<string, unknown>) =>
		build({ operation: { requestedEnd: ({ at }) => at }, values }).requestHash;
	expect(new Set([hash({}), hash({ at: 1 }), hash({ at: 2 }), hash({ id: 'sub_ben' })]).size).toBe(
		4,
	);
	expect(hash({ at: 1, reason: 'price' })).toBe(hash({ at: 1 }));
	expect(build().requestHash).not.toBe(build({ operationName: 'confirmCancel' }).requestHash);
});

describe('the idempotency key', () => {
	const key = (ledger: Ledger, settings: ItemSettings = {}) =>
		build({ ledger, ...settings }).idempotencyKey;
	const settings = { onlyEvidence: false, hasKey: true };

	test('has 26 characters, and goes into the request', () => {
		const item = build();
		expect(item.idempotencyKey).toMatch(/^n8n-[\w-]{22}$/);
		expect(item.request.headers).toEqual({ 'Idempotency-Key': item.idempotencyKey });
	});

	test('is the same for every attempt and retry of one request', () => {
		const context = {};
		const first = new Ledger(context, 0, '7');
		const before = key(first);
		first.markSending(build({ ledger: first }), 1000);
		expect(key(first)).toBe(before);
		first.close(false);
		// n8n's Retry is another execution, whose context is the saved one.
		expect(key(new Ledger(context, 0, '8'))).toBe(before);
	});

	test('is another one after the request was accepted, in this run and in later ones', () => {
		const context = {};
		const ledger = new Ledger(context, 0, '7');
		const keys = [key(ledger)];
		for (let round = 1; round < 3; round++) {
			const item = build({ ledger });
			ledger.markSending(item, 1000);
			ledger.markSettled(item, accepted, settings);
			keys.push(key(ledger));
		}
		ledger.close(true);
		const later = new Ledger(context, 1, '7');
		expect(new Set(keys).size).toBe(3);
		expect(key(later)).toBe(keys[2]);
		expect(key(later, { values: { id: 'sub_ben' } })).toBe(
			key(new Ledger({}, 0, '7'), { values: { id: 'sub_ben' } }),
		);
	});

	test('is another one in another execution, node or target', () => {
		const ledger = new Ledger({}, 0, '7');
		const keys = [
			key(ledger),
			key(new Ledger({}, 0, '8')),
			key(ledger, { nodeId: 'another' }),
			key(ledger, { values: { id: 'sub_ben' } }),
		];
		expect(new Set(keys).size).toBe(4);
	});
});

describe('whether a write is a dry run', () => {
	const operation = cancelOperation();
	const isDry = (
		dryRun: boolean,
		agent: boolean,
		options: { planToken?: string; requirePlanToken?: boolean } = {},
	) => {
		const base = {
			...{ index: 0, operationName: 'cancel', provider, operation, account, dryRun },
			...{ target: '', email: null, reason: null, values: { id: 'sub_ada' } },
			options: optionsOf(operation, options),
		};
		const situation = { ledger: new Ledger({}, 0, '7'), nodeId: 'node', agent, mayBeReplay: false };
		return buildWriteItem(base, situation).dryRun;
	};

	test.each<[boolean, boolean, object, boolean]>([
		[true, false, {}, true],
		[false, false, {}, false],
		[true, false, { planToken: 'x' }, true],
		[false, true, {}, true],
		[false, true, { planToken: 'x' }, false],
		[false, false, { requirePlanToken: true }, true],
		[false, false, { requirePlanToken: true, planToken: 'x' }, false],
	])('Dry Run %s, called by an agent: %s, options %j: %s', (dryRun, agent, options, dry) => {
		expect(isDry(dryRun, agent, options)).toBe(dry);
	});
});

test.each([
	['has a record that can be read', undefined, true],
	['has none', () => ({ kind: 'unreadable' as const, reason: 'It has no record.' }), false],
])('a write knows that its provider %s', (_, recordQuery, hasRecord) => {
	const item = writeItem({ operation: recordQuery && { recordQuery } });
	expect(item.hasRecord).toBe(hasRecord);
});

describe('what a search becomes', () => {
	const search: SearchItem['search'] = {
		request: { path: '/search' },
		parse: () => ({ kind: 'notAList' }),
	};
	const operation = cancelOperation({ searches: { email: () => search } });
	const base = {
		...{ index: 2, operationName: 'cancel', provider, operation, account, dryRun: false },
		...{ target: 'ada@example.com', email: 'ada@example.com', reason: null },
		values: { id: '', customerUrn: 'typed' },
		options: optionsOf(operation),
	};
	const lookup = { field: 'id', mode: 'email', value: 'ada@example.com' };

	test('is an item that knows what it searches by, and where the ID goes', () => {
		expect(buildSearchItem(base, lookup, 7)).toMatchObject({
			kind: 'search',
			by: 'ada@example.com',
			field: 'id',
			limit: 7,
			search,
		});
		expect(() => buildSearchItem(base, { ...lookup, mode: 'phone' }, undefined)).toThrow(
			'There is no search by phone.',
		);
	});

	test('is a write on the candidate, with the record and when the search was sent', () => {
		const item = { ...buildSearchItem(base, lookup, undefined), operation };
		const state = activeState({ email: 'record@example.com' });
		const found = { id: 'sub_1', state, readAt: 4711, row: {}, values: { customerUrn: 'found' } };
		const situation = {
			...{ ledger: new Ledger({}, 0, '7'), nodeId: 'node', agent: false, mayBeReplay: false },
		};
		expect(buildFoundWrite(item, found, situation)).toMatchObject({
			kind: 'write',
			index: 2,
			target: 'sub_1',
			foundBy: 'ada@example.com',
			email: 'record@example.com',
			values: { id: 'sub_1', customerUrn: 'found' },
			searched: { state, readAt: 4711 },
			request: { path: '/subscriptions/sub_1/cancel' },
		});
		const unknown = { ...found, state: activeState({ email: null }) };
		expect(buildFoundWrite(item, unknown, situation).email).toBe('ada@example.com');
	});
});

test('a header that the credential sets, too, is refused whatever its capitals', () => {
	const clash = { ...newAccount('named'), ownHeaders: ['idempotency-key'] };
	expect(() => build({ account: clash })).toThrow(
		'The header "Idempotency-Key" is set by the credential and by the node. Nothing was sent. Use another name in the node, or remove it from the credential.',
	);
	const other = { ...newAccount('named'), ownHeaders: ['x-key'] };
	expect(build({ account: other }).request.headers).toHaveProperty('Idempotency-Key');
});

test('whether there is a record does not depend on what else would be read', () => {
	const recordQuery = jest.fn(() => ({ kind: 'unreadable', reason: 'No API shows it.' }) as const);
	expect(build({ operation: { recordQuery } }).hasRecord).toBe(false);
	expect(recordQuery).toHaveBeenCalledWith(expect.anything(), { email: false });
});
