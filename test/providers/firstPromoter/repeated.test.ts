import type { IDataObject } from 'n8n-workflow';

import { answering, lines, type Prepared, type Sent } from '../wire';
import {
	v1,
	v2,
	lead,
	active,
	recorded,
	byEmail,
	byUid,
	showPath,
	referralPath,
	run,
	serverError,
} from './vendor';

const taken: Prepared = [
	409,
	{ message: "The 'cancellation' event with the id 'evt_1' already exists." },
];
const eventId = { additionalFields: { eventId: 'evt_1' } };
const posts = (sent: Sent[]) => sent.filter(({ method }) => method === 'POST');

describe.each([
	{ apiVersion: 'v1', origin: v1, get: `GET ${showPath}` },
	{ apiVersion: 'v2', origin: v2, get: `GET ${referralPath}` },
])('a cancellation that comes twice, on $apiVersion', ({ apiVersion, origin, get }) => {
	const parameters = { apiVersion, ...byEmail };

	test('days later is over already, and no second event is written', async () => {
		answering(origin, [200, active], [200, recorded]);
		const first = await run('cancel', parameters, { executionId: '7' });
		expect(first).toMatchObject([{ outcome: 'cancelled' }]);
		const sent = answering(origin, [200, lead]);
		const second = await run('cancel', parameters, { executionId: '8' });
		expect(second).toMatchObject([
			{
				ok: true,
				ended: true,
				outcome: 'alreadyCancelled',
				effectiveAt: lead.cancelled_at,
				requestedAt: null,
				attempts: 0,
			},
		]);
		expect(lines(sent)).toEqual([get]);
	});

	test('at once is written once: the second execution waits, and looks first', async () => {
		const sent = answering(origin, [200, active], [200, recorded], [200, lead]);
		const both = await Promise.all(
			['7', '8'].map(async (executionId) => await run('cancel', parameters, { executionId })),
		);
		expect(both.flat().map(({ outcome }) => outcome)).toEqual(['cancelled', 'alreadyCancelled']);
		expect(posts(sent)).toHaveLength(1);
	});

	test('in one run, in other letters, is sent once', async () => {
		const sent = answering(origin, [200, active], [200, recorded]);
		const both = await run(
			'cancel',
			{ ...parameters, email: '={{ $json.email }}' },
			{ items: [{ email: 'ada@example.com' }, { email: 'Ada@Example.com ' }] },
		);
		expect(both).toMatchObject([
			{ outcome: 'cancelled' },
			{ outcome: 'cancelled', duplicateOf: 0 },
		]);
		expect(posts(sent)).toHaveLength(1);
	});

	test('counts once for the limit: what was over already uses none of it up', async () => {
		const sent = answering(origin, [200, lead]);
		const [json] = await run('cancel', parameters, { options: { maxPerExecution: 1 } });
		expect(json).toMatchObject({ outcome: 'alreadyCancelled' });
		expect(posts(sent)).toEqual([]);
	});

	test.each(['integrated', 'retry'] as const)(
		'in an execution of the mode %s looks first',
		async (mode) => {
			const sent = answering(origin, [200, lead]);
			expect(await run('cancel', parameters, { mode })).toMatchObject([
				{ outcome: 'alreadyCancelled', attempts: 0 },
			]);
			expect(lines(sent)).toEqual([get]);
		},
	);
});

describe("a cancellation that comes twice with the user's event ID", () => {
	const parameters: IDataObject = { ...byEmail, ...eventId };

	test('days later is over already: the record is read first', async () => {
		answering(v1, [200, active], [200, recorded]);
		expect(await run('cancel', parameters, { executionId: '7' })).toMatchObject([
			{ outcome: 'cancelled' },
		]);
		const sent = answering(v1, [200, lead]);
		expect(await run('cancel', parameters, { executionId: '8' })).toMatchObject([
			{ outcome: 'alreadyCancelled', requestedAt: null },
		]);
		expect(lines(sent)).toEqual([`GET ${showPath}`]);
	});

	test('for two customers is believed for neither without its record', async () => {
		const ben = { email: 'ben@example.com', uid: 'cus_ben' };
		const other: Prepared = [200, { ...active, ...ben }];
		const sent = answering(v1, [200, active], [200, recorded], other, taken, other);
		const both = await run(
			'cancel',
			{ ...parameters, email: '={{ $json.email }}' },
			{
				items: [{ email: 'ada@example.com' }, { email: 'ben@example.com' }],
				options: { maxConcurrency: 1 },
			},
		);
		expect(both).toMatchObject([
			{ ok: true, outcome: 'cancelled' },
			{ ok: false, ended: false, outcome: 'notCancellable', target: 'ben@example.com' },
		]);
		expect(sent.map(({ method }) => method)).toEqual(['GET', 'POST', 'GET', 'POST', 'GET']);
	});

	test.each(['integrated', 'retry'] as const)(
		'in an execution of the mode %s looks first',
		async (mode) => {
			const sent = answering(v1, [200, lead]);
			expect(await run('cancel', parameters, { mode })).toMatchObject([
				{ outcome: 'alreadyCancelled', attempts: 0 },
			]);
			expect(lines(sent)).toEqual([`GET ${showPath}`]);
		},
	);
});

test('the same text as UID and as e-mail means two customers', async () => {
	const uid = 'ada@example.com';
	const sent = answering(
		v1,
		[200, active],
		[200, recorded],
		[200, { ...active, uid, email: 'team@example.com' }],
		[200, { ...recorded, lead: { ...lead, uid } }],
	);
	const both = await run(
		'cancel',
		{ identifyBy: '={{ $json.by }}', email: uid, uid },
		{ items: [{ by: 'email' }, { by: 'uid' }], options: { maxConcurrency: 1 } },
	);
	expect(both.map(({ outcome }) => outcome)).toEqual(['cancelled', 'cancelled']);
	expect(both.map(({ duplicateOf }) => duplicateOf)).toEqual([undefined, undefined]);
	expect(new Set(posts(sent).map(({ path }) => path)).size).toBe(2);
});

test.each(['integrated', 'retry'] as const)(
	'Reactivate in an execution of the mode %s sends nothing where it is active already',
	async (mode) => {
		const sent = answering(v1, [200, active]);
		expect(await run('restore', byUid, { mode })).toMatchObject([
			{ ok: true, outcome: 'restored', attempts: 0, requestedAt: null },
		]);
		expect(sent).toHaveLength(1);
	},
);

test('a look that fails in a repeated execution sends nothing', async () => {
	const sent = answering(v1, serverError);
	const [json] = await run(
		'cancel',
		{ ...byEmail, ...eventId },
		{ mode: 'integrated', options: { maxAttempts: 1 } },
	);
	expect(json).toMatchObject({ outcome: 'refused', attempts: 0 });
	expect(lines(sent)).toEqual([`GET ${showPath}`]);
});
