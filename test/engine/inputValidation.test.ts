import { execFileSync } from 'node:child_process';
import { dirname, join } from 'node:path';

import fc from 'fast-check';
import type { IDataObject } from 'n8n-workflow';

import type { Field } from '../../nodes/shared/contract/field';
import { dateTimeField } from '../../nodes/shared/fields/dateTime';
import { emailField, identifierField } from '../../nodes/shared/fields/identifier';
import { providerId } from '../../nodes/shared/fields/idForm';
import type { Sandbox } from '../../sandbox/server';
import { runNode } from '../host/harness';
import { byId } from '../providers/facts';
import { runner } from '../providers/run';
import { facts } from '../providers/samples';
import { onSandbox } from './funnelFoxNode';

const value = '={{ $json.value }}';
const inMode = (mode: string) => ({ __rl: true, mode, value });
const context = { timeZone: 'Europe/Berlin', now: new Date('2026-11-21T10:00:00Z') };

interface Input {
	node: string;
	resource: string;
	operation: string;
	/** What the messages call the field. */
	label: string;
	parameters: IDataObject;
}

/** Every way in which text that addresses a record comes in. */
const identifiers: Record<string, Input> = {
	'FirstPromoter, UID': {
		...{ node: 'firstPromoter', resource: 'referral', operation: 'cancel', label: 'UID' },
		parameters: { identifyBy: 'uid', uid: value },
	},
	'FirstPromoter, Event ID': {
		...{ node: 'firstPromoter', resource: 'referral', operation: 'cancel', label: 'Event ID' },
		parameters: { identifyBy: 'uid', uid: 'cus_ada', additionalFields: { eventId: value } },
	},
	'Reditus, UID': {
		...{ node: 'reditus', resource: 'referral', operation: 'churn', label: 'Referral UID' },
		parameters: { identifyBy: 'referralUid', referralUid: value },
	},
	'Reditus, ID': {
		...{ node: 'reditus', resource: 'referral', operation: 'churn', label: 'Referral ID' },
		parameters: { identifyBy: 'referralId', referralId: inMode('id') },
	},
	'Smokeball, ID': {
		...{ node: 'smokeball', resource: 'subscription', operation: 'cancel' },
		label: 'Subscription',
		parameters: { subscriptionId: inMode('id') },
	},
	'FunnelFox, ID': {
		...{ node: 'funnelFox', resource: 'subscription', operation: 'cancel' },
		label: 'Subscription',
		parameters: { subscriptionId: inMode('id') },
	},
	'Azotte, order': {
		...{ node: 'azotte', resource: 'subscription', operation: 'cancel', label: 'Order' },
		parameters: { orderIdentifier: inMode('id') },
	},
	'Azotte, customer URN': {
		...{ node: 'azotte', resource: 'subscription', operation: 'cancel', label: 'Customer URN' },
		parameters: { orderIdentifier: inMode('customer') },
	},
	'Azotte, external ID': {
		...{ node: 'azotte', resource: 'subscription', operation: 'cancel', label: 'External ID' },
		parameters: { orderIdentifier: inMode('externalId') },
	},
};
const addresses: Record<string, Input> = {
	'FirstPromoter, e-mail': {
		...{ node: 'firstPromoter', resource: 'referral', operation: 'cancel', label: 'Email' },
		parameters: { identifyBy: 'email', email: value },
	},
	'Reditus, e-mail': {
		...{ node: 'reditus', resource: 'referral', operation: 'churn', label: 'Referral Email' },
		parameters: { identifyBy: 'referralEmail', referralEmail: value },
	},
	'FunnelFox, e-mail': {
		...{ node: 'funnelFox', resource: 'subscription', operation: 'cancel', label: 'Email' },
		parameters: { subscriptionId: inMode('email') },
	},
	'FunnelFox, Expected Email': {
		...{ node: 'funnelFox', resource: 'subscription', operation: 'cancel' },
		label: 'Expected Email',
		parameters: { subscriptionId: byId('sub_ada'), options: { expectedEmail: value } },
	},
};
const texts: Record<string, Input> = {
	'FunnelFox, reason': {
		...{ node: 'funnelFox', resource: 'subscription', operation: 'cancel', label: 'Reason' },
		parameters: { subscriptionId: byId('sub_ada'), additionalFields: { reason: value } },
	},
	'Smokeball, reason': {
		...{ node: 'smokeball', resource: 'subscription', operation: 'cancel', label: 'Reason' },
		parameters: {
			subscriptionId: byId(facts.smokeball.ada),
			additionalFields: { reason: value },
		},
	},
	'Azotte, comment': {
		...{ node: 'azotte', resource: 'subscription', operation: 'cancel', label: 'Comment' },
		parameters: { orderIdentifier: byId('or_ada'), additionalFields: { comment: value } },
	},
};

async function outcomesOf(
	sandbox: Sandbox,
	input: Input,
	values: unknown[],
	more: IDataObject = {},
) {
	const account = facts[input.node].account(sandbox.url);
	const { run } = runner(input.node, input.resource, account);
	const items = values.map((one) => ({ value: one }) as IDataObject);
	return await run(input.operation, { ...input.parameters, ...more }, { items });
}

/** Each of the values is `invalid`, its message names field and item, and no request leaves. */
async function expectNothingSent(input: Input, values: unknown[]): Promise<void> {
	await onSandbox(async (sandbox) => {
		const rows = await outcomesOf(sandbox, input, values);
		expect(rows).toHaveLength(values.length);
		const passed = rows.flatMap(({ outcome }, at) => (outcome === 'invalid' ? [] : [values[at]]));
		expect(passed).toEqual([]);
		rows.forEach(({ message, attempts }, index) => {
			expect(message).toContain(input.label);
			expect(message).toContain('Nothing was sent.');
			expect(message).toContain(`[item ${index}]`);
			expect(attempts).toBe(0);
		});
		expect(sandbox.requests()).toEqual([]);
	});
}

/** The same values in every run, so that a failure can be repeated. */
const sample = <T>(values: fc.Arbitrary<T>, numRuns = 40): T[] =>
	fc.sample(values, { numRuns, seed: 20_261_121 });

const through = (inputs: Record<string, Input>): Array<[string, Input]> => Object.entries(inputs);

const parsed = <T>(field: Field<T>, raw: unknown): T | 'refused' => {
	try {
		return field.parse(raw, context);
	} catch {
		return 'refused';
	}
};
const uidField = identifierField({ displayName: 'UID', type: 'string', default: '' });
const providerField = identifierField(
	{ displayName: 'ID', type: 'string', default: '' },
	{ idForm: providerId },
);
const addressField = emailField({ displayName: 'Email', type: 'string', default: '' });

describe('a number', () => {
	const inexact = fc.oneof(
		fc.bigInt({ min: 2n ** 53n, max: 2n ** 70n }).map(Number),
		fc.double({ min: 1e16, max: 1e300, noNaN: true }),
		fc.double({ min: -1e20, max: -Number.MIN_VALUE, noNaN: true }),
		fc.double({ min: 0, max: 1e15, noNaN: true }).filter((one) => !Number.isInteger(one)),
	);

	test.each(through({ ...identifiers, ...addresses }))(
		'that is not exact, or negative, is not an ID: %s',
		async (_, input) => {
			const known = [Number('7615917337495251231'), 1e21, -5, 4711.5];
			await expectNothingSent(input, [...known, ...sample(inexact)]);
		},
	);

	test('that is not exact is refused with the advice to pass the ID as text', async () =>
		await onSandbox(async (sandbox) => {
			const [{ message }] = await outcomesOf(sandbox, identifiers['FirstPromoter, UID'], [
				Number('7615917337495251231'),
			]);
			expect(message).toBe(
				'UID is the number 7615917337495251000, but only whole numbers from 0 to 9007199254740991 are exact. Nothing was sent. Pass the ID as text. [item 0]',
			);
		}));

	test('that is exact is its digits; the same digits as text are kept whatever their length', () => {
		fc.assert(
			fc.property(fc.maxSafeNat().filter(Boolean), (id) => parsed(uidField, id) === String(id)),
		);
		expect(parsed(uidField, '7615917337495251231')).toBe('7615917337495251231');
	});
});

/** Enumerated by Unicode's properties, apart from the space. */
const invisible = Array.from({ length: 0x11_0000 }, (_, code) => code)
	.filter((code) => code < 0xd8_00 || code > 0xdf_ff)
	.map((code) => String.fromCodePoint(code))
	.filter(
		(one) =>
			one !== ' ' &&
			/[\p{Cc}\p{Cf}\p{Z}\p{Default_Ignorable_Code_Point}\p{Variation_Selector}\ue000\u{100000}\u2800]/u.test(
				one,
			),
	);

describe('an invisible character', () => {
	const anyInvisible = fc.constantFrom(...invisible);
	const edge = fc.array(fc.oneof(anyInvisible, fc.constant(' ')), { maxLength: 4 });
	const spelled = (before: string[], text: string, after: string[]) =>
		[...before, text, ...after].join('');

	test('at the edges is taken off, whatever it is', () => {
		const fields: Array<[Field<string>, string]> = [
			[uidField, 'cus_ada'],
			[providerField, 'sub_ada'],
			[addressField, 'ada@example.com'],
		];
		for (const [field, text] of fields) {
			const kept = invisible.filter((one) => parsed(field, `${one}${text}${one}`) !== text);
			expect(kept).toEqual([]);
			fc.assert(
				fc.property(edge, edge, (before, after) => {
					expect(parsed(field, spelled(before, text, after))).toBe(text);
				}),
			);
		}
	});

	test('inside is refused, whatever it is', () => {
		const values = (one: string): Array<[Field<string>, string]> => [
			[uidField, `cus_${one}ada`],
			[providerField, `sub_${one}ada`],
			[addressField, `ada@exam${one}ple.com`],
			[addressField, `a${one}da@example.com`],
		];
		const passed = invisible.filter((one) =>
			values(one).some(([field, value]) => parsed(field, value) !== 'refused'),
		);
		expect(passed).toEqual([]);
	});

	test.each(through(identifiers))('inside an ID sends nothing: %s', async (_, input) => {
		await expectNothingSent(
			input,
			sample(anyInvisible).map((one) => `4711${one}0815`),
		);
	});

	test.each(through(addresses))('inside an address sends nothing: %s', async (_, input) => {
		await expectNothingSent(
			input,
			sample(anyInvisible).map((one) => `ada${one}@example.com`),
		);
	});

	test('is named by its code', async () =>
		await onSandbox(async (sandbox) => {
			const [{ message }] = await outcomesOf(sandbox, addresses['FirstPromoter, e-mail'], [
				'ada@exam\u00adple.com',
			]);
			expect(message).toContain(
				'Email "ada@examU+00ADple.com" contains an invisible character (U+00AD).',
			);
		}));

	test('around an address does not keep its customer from being found', async () =>
		await onSandbox(async (sandbox) => {
			const pasted = [
				'\u202aada@example.com\u202c',
				'ada@example.com\u200e',
				'\u3164ada@example.com\u0085',
			];
			const rows = await outcomesOf(sandbox, addresses['FirstPromoter, e-mail'], pasted);
			expect(rows.map(({ outcome, target }) => [outcome, target])).toEqual(
				pasted.map(() => ['cancelled', 'ada@example.com']),
			);
			expect(sandbox.journal('firstPromoter')).toHaveLength(1);
		}));
});

describe('an e-mail address', () => {
	const letters = fc.constantFrom('a', 'Z', '7', 'é', 'ß', 'ж', 'λ', '用', 'ん', '한', 'م', 'अ');
	const atom = fc
		.tuple(
			letters,
			fc.string({ unit: fc.oneof(letters, fc.constantFrom('+', '_', '-', '=')), maxLength: 8 }),
		)
		.map((parts) => parts.join(''));
	const label = fc
		.tuple(letters, fc.string({ unit: fc.oneof(letters, fc.constant('-')), maxLength: 8 }), letters)
		.map((parts) => parts.join(''));
	const top = fc.constantFrom('com', 'example', 'рф', '中国', 'xn--p1ai', 'भारत');
	const address = fc
		.tuple(
			fc.array(atom, { minLength: 1, maxLength: 3 }),
			fc.array(label, { minLength: 1, maxLength: 3 }),
			top,
		)
		.map(([local, domain, last]) => `${local.join('.')}@${[...domain, last].join('.')}`);

	test('of any script passes as it is, with a plus, an apostrophe or a hyphen in it', () => {
		fc.assert(fc.property(address, (one) => parsed(addressField, one) === one));
		for (const one of [
			"o'neil@example.com",
			'ada+tag@example.com',
			'ada@bücher.example',
			'jörg@example.com',
		])
			expect(parsed(addressField, one)).toBe(one);
	});

	/** What mail programs, links, lists and templates make of an address. */
	const damages: Array<(one: string) => string> = [
		...["'", '"', '`', '*', '|', '%'].map((sign) => (one: string) => `${sign}${one}${sign}`),
		...['‘’', '“”', '«»', '<>', '()', '[]', '{}'].map(
			(pair) => (one: string) => `${pair[0]}${one}${pair[1]}`,
		),
		...["'", '.', '@', 'mailto:', '<', '"', '(', ',', ';', 'Ada ', '://'].map(
			(sign) => (one: string) => sign + one,
		),
		...[
			"'",
			'.',
			'/',
			'#',
			'?subject=x',
			'|Ada',
			'>',
			',',
			';',
			' (Ada)',
			'@',
			'%20',
			'\\',
			', b@example.com',
			' b@example.com',
		].map((sign) => (one: string) => one + sign),
		(one) => one.replace('@', '.@'),
		(one) => one.replace('@', '@.'),
		(one) => one.replace('@', '@-'),
		(one) => one.replace('@', '@@'),
		(one) => one.replace('@', ' @'),
		(one) => one.replace('@', '%40'),
		(one) => one.replace('@', ' at '),
		(one) => one.replace('@', '%2Btag@'),
		(one) => one.replace('@', '@*.'),
		(one) => one.replace(/\.(?=[^.]*$)/, '..'),
		(one) => one.replace(/@.*/, '@example'),
		(one) => one.replace(/@.*/, '@127.0.0.1'),
		(one) => one.replace(/@.*/, '@[127.0.0.1]'),
		(one) => one.replace(/@.*/, '@exam_ple.com'),
		(one) => one.replace('@', '＠'),
	];
	const impossible = fc
		.tuple(address, fc.constantFrom(...damages))
		.map(([one, damage]) => damage(one));

	test('that is impossible is refused, whatever made it so', () => {
		for (const damage of damages)
			expect(parsed(addressField, damage('ada@example.com'))).toBe('refused');
		fc.assert(
			fc.property(impossible, (one) => parsed(addressField, one) === 'refused'),
			{ numRuns: 500 },
		);
		const known = [
			'a@b..c',
			'.a@b',
			'a.@b',
			'a@b?subject=x',
			'a@b/',
			'a@b|Ada',
			'a%2Bt@b',
			'*@*.*',
		];
		for (const one of known) expect(parsed(addressField, one)).toBe('refused');
	});

	test.each(through(addresses))('that is impossible sends nothing: %s', async (_, input) => {
		const known = damages.map((damage) => damage('ada@example.com'));
		await expectNothingSent(input, [...known, ...sample(impossible)]);
	});

	test.each(through(identifiers))('that is impossible is no ID either: %s', async (_, input) => {
		const broken = [
			'ada@example..com',
			'.ada@example.com@',
			'ada@@example.com',
			'"ada@example.com"',
		];
		await expectNothingSent(input, broken);
	});
});

/** What stands in the place of an ID that an expression, a sheet, a template or a person missed. */
const leftovers: Record<string, fc.Arbitrary<string>> = {
	'an error of a spreadsheet': fc.oneof(
		fc.constantFrom(
			...[
				'#N/A',
				'#REF!',
				'#VALUE!',
				'#NAME?',
				'#DIV/0!',
				'#NULL!',
				'#NUM!',
				'#SPILL!',
				'#CALC!',
				'#ERROR!',
			],
			...[
				'#NV',
				'#WERT!',
				'#BEZUG!',
				'#ZAHL!',
				'#ÜBERLAUF!',
				'#VALEUR!',
				'#NOMBRE!',
				'#NOM?',
				'#PROPAGATION!',
			],
			...[
				'#¡REF!',
				'#¡VALOR!',
				'#¿NOMBRE?',
				'#¡DESBORDAMIENTO!',
				'#N/D',
				'#GETTING_DATA',
				'#BLOCKED!',
				'Err:502',
			],
		),
		fc
			.tuple(fc.stringMatching(/^[A-ZÄÖÜ¡_/0-9]{1,12}$/), fc.constantFrom('!', '?', ''))
			.map(([name, end]) => `#${name}${end}`),
		fc.integer({ min: 2, max: 20 }).map((count) => '#'.repeat(count)),
	),
	'a cell that still loads, or a formula': fc.constantFrom(
		'Loading...',
		'Loading…',
		'=A1',
		'=Sheet1!B2',
		'=VLOOKUP(A1;B:C;2)',
	),
	'a rounded number': fc
		.tuple(
			fc.integer({ min: 1, max: 9 }),
			fc.constantFrom('.', ','),
			fc.nat(999_999),
			fc.constantFrom('e', 'E'),
			fc.constantFrom('+', ''),
			fc.integer({ min: 1, max: 99 }),
		)
		.map((parts) => parts.join('')),
	'a word for nothing': fc.constantFrom(
		'NA',
		'N/A',
		'n.a.',
		'nil',
		'none',
		'null',
		'undefined',
		'NaN',
		'(blank)',
		'(Leer)',
		'(vide)',
		'unknown',
		'empty',
		'not found',
		'No value',
		'string',
		'Infinity',
		'true',
		'FALSCH',
		'-',
		'—',
		'?',
		'...',
		'0',
		'00',
		'Invalid Date',
		'Invalid DateTime',
	),
	'a part that is missing': fc.constantFrom(
		'cus_NaN',
		'cus_undefined',
		'null-4711',
		'user/undefined/1',
		'x[object Object]',
	),
	'JSON text': fc.oneof(
		fc
			.array(fc.stringMatching(/^[a-z]{3}_\d{1,4}$/), { maxLength: 3 })
			.map((list) => JSON.stringify(list)),
		fc
			.dictionary(fc.constantFrom('id', 'object'), fc.stringMatching(/^[a-z]{3}_\d{1,4}$/))
			.map((one) => JSON.stringify(one)),
		fc.stringMatching(/^[a-z]{3}_\d{1,4}$/).map((one) => JSON.stringify(one)),
	),
	'an ID with quotes': fc
		.tuple(
			fc.constantFrom(
				["'", "'"],
				['"', '"'],
				['“', '”'],
				['‘', '’'],
				['„', '“'],
				['`', '`'],
				["'", ''],
				['"', ''],
				['', '"'],
			),
			fc.stringMatching(/^cus_[a-z0-9]{1,9}$/),
		)
		.map(([[before, after], id]) => before + id + after),
	'a placeholder of a template': fc
		.tuple(
			fc.constantFrom(
				['${', '}'],
				['{{', '}}'],
				['{{ ', ' }}'],
				['{', '}'],
				['%', '%'],
				['*|', '|*'],
				['<', '>'],
				['[', ']'],
				['[[', ']]'],
				['<%= ', ' %>'],
				['#{', '}'],
				['__', '__'],
				['(', ')'],
				[':', ''],
				['$', ''],
			),
			fc.constantFrom('uid', 'UID', 'customer.id', '$json.id', 'user_id'),
		)
		.map(([[before, after], name]) => before + name + after),
	'the name of a column': fc.constantFrom(
		'id',
		'ID',
		'uid',
		'user_id',
		'Customer ID',
		'subscriptionId',
		'email',
		'YOUR_UID_HERE',
	),
	'several IDs': fc
		.tuple(
			fc.constantFrom('cus_', 'sub_', 'or_', 'user_'),
			fc.array(fc.stringMatching(/^[a-z0-9]{1,8}$/), { minLength: 2, maxLength: 4 }),
			fc.constantFrom(
				', ',
				',',
				'; ',
				';',
				' ',
				'\n',
				'\t',
				' | ',
				'|',
				' / ',
				' & ',
				' + ',
				' and ',
			),
		)
		.map(([prefix, ids, separator]) => ids.map((id) => prefix + id).join(separator)),
	'several numbers': fc
		.array(fc.integer({ min: 1, max: 99_999 }), { minLength: 2, maxLength: 4 })
		.chain((ids) =>
			fc.constantFrom(', ', ',', ';', ' ', '\n').map((separator) => ids.join(separator)),
		),
	'a date': fc
		.date({ min: new Date('1990-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
		.chain((at) =>
			fc.constantFrom(
				at.toISOString(),
				at.toISOString().slice(0, 10),
				at.toISOString().slice(0, 16).replace('T', ' '),
				at.toString(),
				at.toUTCString(),
				at.toLocaleDateString('en-US'),
				at.toLocaleDateString('de-DE', { day: '2-digit', month: '2-digit', year: 'numeric' }),
			),
		),
	'an address of a page': fc
		.tuple(
			fc.constantFrom('https://', 'http://', 'www.', ''),
			fc.constantFrom('dashboard.stripe.com/', 'app.example.com/customers/'),
			fc.stringMatching(/^cus_[a-z0-9]{1,9}$/),
		)
		.map((parts) => parts.join('')),
	'half-width forms': fc.constantFrom('ｃｕｓ＿１', 'ｃus_1', '４７１１'),
};

describe.each(Object.entries(leftovers))('%s', (_, leftover) => {
	test('is refused by every form of ID', () => {
		for (const field of [uidField, providerField])
			fc.assert(
				fc.property(leftover, (one) => {
					expect([one, parsed(field, one)]).toEqual([one, 'refused']);
				}),
				{ numRuns: 300 },
			);
	});
});

describe('a leftover in the place of an ID', () => {
	test.each(through(identifiers))('sends nothing: %s', async (_, input) => {
		await expectNothingSent(
			input,
			Object.values(leftovers).flatMap((one) => sample(one, 8)),
		);
	});
});

describe('an ID', () => {
	const bytes = fc.uint8Array({ minLength: 16, maxLength: 24 }).map((all) => Buffer.from(all));
	const token = fc
		.tuple(
			fc.constantFrom('cus_', 'sub_', 'or_', 'evt_', 'user-', 'A.', ''),
			fc.stringMatching(/^[A-Za-z][A-Za-z0-9]{7,25}$/),
		)
		.map((parts) => parts.join(''));

	test('of a provider is a token: it passes as it is', () => {
		const ids = fc.oneof(
			fc.uuid(),
			token,
			bytes.map((all) => all.toString('hex')),
			fc.maxSafeNat().filter(Boolean).map(String),
		);
		fc.assert(
			fc.property(ids, (id) => parsed(providerField, id) === id && parsed(uidField, id) === id),
			{ numRuns: 500 },
		);
		for (const id of ['cu.00.482', 'or_01J3X', 'urn:customer:4711', '0815'])
			expect(parsed(providerField, id)).toBe(id);
	});

	test("of the user's own systems passes as it is", () => {
		const ids = fc.oneof(
			bytes.map((all) => all.toString('base64')),
			bytes.map((all) => all.toString('base64url')),
			fc
				.tuple(fc.constantFrom('auth0|', 'google-oauth2|', 'waad|'), token)
				.map((parts) => parts.join('')),
			fc
				.tuple(fc.nat(9999), fc.constantFrom('/', '-', ':', '.x'), fc.integer({ min: 1, max: 99 }))
				.map((parts) => `K${parts.join('')}`),
		);
		fc.assert(
			fc.property(ids, (id) => parsed(uidField, id) === id),
			{ numRuns: 500 },
		);
		const known = [
			'user_4711',
			'4711/2',
			'ada@example.com',
			"o'neil@example.com",
			'auth0|ada@example.com',
			'ada@corp',
			'ACME 01',
			'+491701234567',
			'gid://shopify/Customer/4711',
			'ünï',
			'用户_1',
			'a9U290000004GNy',
			'cus_none',
			'5-2026-11-21T10:00:00.000Z',
		];
		for (const id of known) expect(parsed(uidField, id)).toBe(id);
	});

	test('is not a paragraph', () => {
		expect(parsed(uidField, 'a'.repeat(255))).toHaveLength(255);
		expect(parsed(uidField, 'a'.repeat(256))).toBe('refused');
	});
});

describe('text that was cut inside a character', () => {
	const lone = fc
		.tuple(
			fc.string({ maxLength: 8 }),
			fc.integer({ min: 0xd800, max: 0xdfff }),
			fc.string({ maxLength: 8 }),
		)
		.map(([before, code, after]) => before + String.fromCharCode(code) + after);

	test.each(through({ ...identifiers, ...addresses, ...texts }))(
		'sends nothing: %s',
		async (_, input) => {
			await expectNothingSent(input, ['Ada 😀'.slice(0, -1), ...sample(lone, 20)]);
		},
	);

	test('leaves the account usable, however often it comes', async () =>
		await onSandbox(async (sandbox) => {
			const cut = Array.from({ length: 8 }, (_, at) => `ada${at} 😀`.slice(0, -1));
			const rows = await outcomesOf(sandbox, identifiers['FirstPromoter, UID'], [
				...cut,
				'cus_ada',
			]);
			expect(rows.map(({ outcome }) => outcome)).toEqual([
				...cut.map(() => 'invalid'),
				'cancelled',
			]);
		}));
});

describe('a reason', () => {
	const reasonOf = async (reason: unknown) =>
		await onSandbox(async (sandbox) => {
			const [{ outcome }] = await outcomesOf(sandbox, texts['Smokeball, reason'], [reason]);
			const [sent] = sandbox.journal('smokeball');
			return [outcome, (sent?.body as IDataObject | undefined)?.reason];
		});

	test('as a list of texts is joined by ", "', async () => {
		expect(await reasonOf(['Too expensive', ' Missing feature '])).toEqual([
			'scheduled',
			'Too expensive, Missing feature',
		]);
		expect(await reasonOf(['Too expensive', '', null])).toEqual(['scheduled', 'Too expensive']);
	});

	test.each([[[]], [['']], [''], [' '], ['\u200b'], [null], [undefined]])(
		'of %j is none',
		async (reason) => {
			expect(await reasonOf(reason)).toEqual(['scheduled', undefined]);
		},
	);

	test('keeps what the user wrote, an emoji at its end included', async () => {
		for (const text of [
			'Zu teuer – “leider” ❤️',
			'Moved to \u{1f3f4}\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}',
			'two\nlines',
		])
			expect(await reasonOf(` ${text}\n`)).toEqual(['scheduled', text]);
	});

	test.each(through(texts))(
		'that is an object, a switch or a nested list sends nothing: %s',
		async (_, input) => {
			await expectNothingSent(input, [
				{ code: 'PRICE' },
				{},
				true,
				false,
				[{ code: 'PRICE' }],
				[['PRICE']],
				[true],
			]);
		},
	);
});

describe('a plan token that a model made up', () => {
	const words = [
		'none',
		'not provided',
		'string',
		'No token',
		'null',
		'N/A',
		'placeholder',
		'x',
		'..',
		'dry-run',
	];
	const calling = async (sandbox: Sandbox, node: string, planToken: string) => {
		const { setting } = runner('funnelFox', 'subscription', facts.funnelFox.account(sandbox.url));
		const parameters = { subscriptionId: byId('sub_ada') };
		const { main } = await runNode({
			...setting('cancel', parameters, { options: { planToken } }),
			node,
		});
		return main[0].json;
	};

	test.each(words)(
		'"%s" is refused with the advice to leave it empty',
		async (planToken) =>
			await onSandbox(async (sandbox) => {
				const json = await calling(sandbox, 'funnelFox', planToken);
				expect(json).toMatchObject({ outcome: 'refused', attempts: 0 });
				expect(json.message).toContain(
					`Plan Token "${planToken}" is not a plan token. Nothing was sent.`,
				);
				expect(json.message).toContain('leave it empty');
				expect(sandbox.requests()).toEqual([]);
			}),
	);

	test.each(words)(
		'"%s" never cancels when an AI agent calls',
		async (planToken) =>
			await onSandbox(async (sandbox) => {
				const { outcome, message } = await calling(sandbox, 'funnelFoxTool', planToken);
				if (outcome !== 'preview') {
					expect(outcome).toBe('refused');
					expect(message).toContain('leave it empty');
				}
				expect(sandbox.journal()).toEqual([]);
			}),
	);
});

describe('a date', () => {
	const field = dateTimeField({ displayName: 'Cancel At', default: '' });
	const inZone = (timeZone: string) => (text: string) => {
		try {
			return field.parse(text, { ...context, timeZone });
		} catch {
			return 'refused';
		}
	};
	// Without summer time, so that every wall-clock time exists once.
	const zones = fc.constantFrom(
		'UTC',
		'Asia/Tokyo',
		'Asia/Kolkata',
		'America/Phoenix',
		'Pacific/Kiritimati',
	);
	const moments = fc
		.date({ min: new Date('1990-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
		.map((at) => new Date(Math.floor(at.getTime() / 1000) * 1000));
	const two = (count: number) => String(count).padStart(2, '0');
	/** The wall clock of a zone at an instant, by Intl. */
	const wallClock = (at: Date, timeZone: string) => at.toLocaleString('sv', { timeZone });

	test("in any form is the same instant of the workflow's zone", () => {
		fc.assert(
			fc.property(moments, zones, (at, zone) => {
				const [day, time] = wallClock(at, zone).split(' ');
				const [hour, minute, second] = time.split(':').map(Number);
				const half = `${hour % 12 || 12}:${two(minute)}:${two(second)}`;
				const forms = [
					`${day}T${time}`,
					`${day} ${time}`,
					`${day}T${time}.000`,
					`${day} ${half} ${hour < 12 ? 'AM' : 'PM'}`,
					`${day} ${half}\u202f${hour < 12 ? 'a.m.' : 'p.m.'}`,
					`${day}T${time}[${zone}]`,
					at.toISOString(),
					`${at.toISOString().slice(0, 19)}+00:00`,
				];
				for (const form of forms)
					expect([form, inZone(zone)(form)]).toEqual([form, at.toISOString()]);
			}),
		);
	});

	test('with an offset is that instant in every zone', () => {
		const offsets = fc.integer({ min: -12 * 60, max: 14 * 60 });
		fc.assert(
			fc.property(moments, offsets, zones, (at, offset, zone) => {
				const local = new Date(at.getTime() + offset * 60_000).toISOString().slice(0, 19);
				const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60];
				const written = `${offset < 0 ? '-' : '+'}${two(hours)}:${two(minutes)}`;
				for (const form of [
					local + written,
					`${local.replace('T', ' ')} ${written.replace(':', '')}`,
				])
					expect(inZone(zone)(form)).toBe(at.toISOString());
			}),
		);
	});

	/** What makes a good date one that is understood in part only. */
	const damages: Array<(day: string, time: string) => string> = [
		(day, time) => `${day}T${time} soon`,
		(day, time) => `at ${day}T${time}`,
		(day, time) => `${day}T${time} Europe/Berlin`,
		(day, time) => `${day}T${time} CET`,
		(day, time) => `${day}T${time}[Nowhere/City]`,
		(day, time) => `${day}T${time}Z[local]`,
		(day, time) => `${day}T${time}+99:00`,
		(day, time) => `${day}T${time}+14:01`,
		(day, time) => `${day}T${time}-12:01`,
		(day, time) => `${day}T${time}+01:60`,
		(day, time) => `${day}T${time}+05:00[Asia/Tokyo]`,
		(day) => `${day}T24:00`,
		(day) => `${day}T24:00:00`,
		(day) => `${day}T25:00`,
		(day) => `${day}T12:60`,
		(day) => `${day}T12:00:60`,
		(day) => `${day} 13:00 PM`,
		(day) => `${day} 00:30 AM`,
		(day) => `${day} 9:00`,
		(day) => `${day} 9 PM`,
		(day) => `${day}Z`,
		(day) => day.replaceAll('-', '/'),
		(day) => day.replaceAll('-', ''),
		(day) => day.split('-').reverse().join('.'),
		(day) => `${day.slice(0, 8)}32`,
		(day) => `${day.slice(0, 5)}13-01`,
		(day) => `${day.slice(0, 5)}02-30`,
		(day) => `${day.slice(0, 4)}-W52-1`,
		(day, time) => `${day}, ${time}`,
		(day, time) => new Date(`${day}T${time}Z`).toUTCString(),
		(day, time) => new Date(`${day}T${time}Z`).toString(),
		(day, time) => String(Date.parse(`${day}T${time}Z`)),
	];

	test('that is not understood completely is refused', () => {
		fc.assert(
			fc.property(moments, fc.constantFrom(...damages), zones, (at, damage, zone) => {
				const [day, time] = [at.toISOString().slice(0, 10), at.toISOString().slice(11, 19)];
				expect([damage(day, time), inZone(zone)(damage(day, time))]).toEqual([
					damage(day, time),
					'refused',
				]);
			}),
			{ numRuns: 1000 },
		);
	});

	const smokeball = (at: unknown): [Input, unknown[]] => [
		{
			...{ node: 'smokeball', resource: 'subscription', operation: 'cancel', label: 'Cancel At' },
			parameters: {
				subscriptionId: byId(facts.smokeball.ada),
				cancellationType: 'Date',
				cancelAt: value,
			},
		},
		[at].flat(),
	];
	const firstPromoter: Input = {
		...{ node: 'firstPromoter', resource: 'referral', operation: 'cancel', label: 'Created At' },
		parameters: { identifyBy: 'uid', uid: 'cus_ada', additionalFields: { createdAt: value } },
	};

	test('that is not understood sends nothing', async () => {
		const broken = damages.map((damage) => damage('2097-12-31', '09:00:00'));
		await expectNothingSent(...smokeball(broken));
		await expectNothingSent(firstPromoter, broken);
	});

	test.each([
		['2097-12-31 11:00 PM', '2097-12-31T22:00:00.000Z'],
		['2097-12-31', '2097-12-31T22:59:59.000Z'],
		['2097-07-31', '2097-07-31T21:59:59.000Z'],
		['2097-12-31T00:00:00', '2097-12-30T23:00:00.000Z'],
		['2097-12-31T23:00:00+09:00', '2097-12-31T14:00:00.000Z'],
	])(
		"Cancel At %s is sent as %s: a day alone is its end in the workflow's zone",
		async (written, sent) =>
			await onSandbox(async (sandbox) => {
				const [{ node, resource, operation, parameters }, values] = smokeball(written);
				const { run } = runner(node, resource, facts[node].account(sandbox.url));
				const items = values.map((one) => ({ value: one }) as IDataObject);
				await run(operation, parameters, { items, timezone: 'Europe/Berlin' });
				const [{ body }] = sandbox.journal('smokeball');
				expect((body as IDataObject).cancelAt).toBe(sent);
			}),
	);

	test.each([
		['2026-07-01 09:00 PM', '2026-07-01T19:00:00.000Z'],
		['2026-07-01', '2026-06-30T22:00:00.000Z'],
	])(
		'Created At %s is sent as %s: a day alone is its start',
		async (written, sent) =>
			await onSandbox(async (sandbox) => {
				const { run } = runner(
					'firstPromoter',
					'referral',
					facts.firstPromoter.account(sandbox.url),
				);
				const items = [{ value: written }];
				await run('cancel', firstPromoter.parameters, { items, timezone: 'Europe/Berlin' });
				const [{ query }] = sandbox.journal('firstPromoter');
				expect((query as IDataObject).created_at).toBe(sent);
			}),
	);

	/** Reads each text in a process whose own zone is `serverZone`, with the n8n-workflow of this host line. */
	function readIn(serverZone: string, written: string[]): string[] {
		const workflow = dirname(require.resolve('n8n-workflow/package.json'));
		const program = `
			const Module = require('node:module');
			const resolve = Module._resolveFilename;
			Module._resolveFilename = (request, ...rest) =>
				resolve.call(Module, request === 'n8n-workflow' ? ${JSON.stringify(workflow)} : request, ...rest);
			const { dateTimeField } = require(${JSON.stringify(join(__dirname, '../../dist/nodes/shared/fields/dateTime.js'))});
			const field = dateTimeField({ displayName: 'Cancel At', default: '' });
			const read = (text) => {
				try {
					return field.parse(text, { timeZone: 'Europe/Berlin', now: new Date(0) });
				} catch {
					return 'refused';
				}
			};
			const own = new Date(2027, 0, 1).getTimezoneOffset();
			console.log(JSON.stringify([own, ...${JSON.stringify(written)}.map(read)]));`;
		const env = { ...process.env, TZ: serverZone };
		return JSON.parse(execFileSync(process.execPath, ['-e', program], { env, encoding: 'utf8' }));
	}

	test.each([
		['America/Los_Angeles', 480],
		['Asia/Tokyo', -540],
		['UTC', 0],
	])('means the same on a server in %s', (serverZone, offset) => {
		const days: Record<string, string> = {
			'2027-12-31 09:00 PM': '2027-12-31T20:00:00.000Z',
			'2027-12-31 11:00 pm': '2027-12-31T22:00:00.000Z',
			'2027-12-31T09:00:00': '2027-12-31T08:00:00.000Z',
			'2027-12-31 09:00': '2027-12-31T08:00:00.000Z',
			'2027-12-31': '2027-12-30T23:00:00.000Z',
			'2027-07-31T09:00:00Z': '2027-07-31T09:00:00.000Z',
			'2027-12-31T09:00 tomorrow': 'refused',
			'12/31/2027 09:00 PM': 'refused',
			'Dec 31, 2027': 'refused',
			'2027-12-31T24:00': 'refused',
			'2027-12-31T09:00:00 GMT+1 (CET)': 'refused',
		};
		expect(readIn(serverZone, Object.keys(days))).toEqual([offset, ...Object.values(days)]);
	});
});
