import type { IDataObject } from 'n8n-workflow';

import { answering, lines, type Prepared } from '../wire';
import { v1, v2, lead, active, recorded, byEmail, run } from './vendor';

/** The answer to a cancellation of another than Ada. */
const taken = (who: IDataObject): Prepared => [200, { ...recorded, lead: { ...lead, ...who } }];

describe('an identifier', () => {
	const odd = ['a/b', 'a/../b', 'a#b', 'a b', 'a+b', 'ünï', 'auth0|5f7c', 'a&uid=b'];

	test.each(odd)('"%s" arrives unchanged', async (uid) => {
		const encoded = encodeURIComponent(uid);
		const cancelled = taken({ uid });
		let sent = answering(v1, [200, { ...active, uid }], cancelled);
		await run('cancel', { identifyBy: 'uid', uid, additionalFields: { eventId: 'e' } });
		expect(lines(sent)).toEqual([
			`GET /api/v1/leads/show?uid=${encoded}`,
			`POST /api/v1/track/cancellation?uid=${encoded}&event_id=e`,
		]);
		sent = answering(v2, [200, { ...active, uid }], cancelled);
		await run('cancel', { apiVersion: 'v2', identifyBy: 'uid', uid });
		expect(lines(sent)[0]).toBe(`GET /api/v2/company/referrals/${encoded}?find_by=uid`);
		expect(sent.slice(1).map(({ body }) => body)).toEqual([{ uid }]);
		sent = answering(v2, [200, lead]);
		await run('get', { apiVersion: 'v2', identifyBy: 'uid', uid });
		expect(lines(sent)).toEqual([`GET /api/v2/company/referrals/${encoded}?find_by=uid`]);
	});

	test.each(['a+b@example.com', "o'neil@example.com", 'ada@exämple.com'])(
		'e-mail "%s" arrives as it is',
		async (email) => {
			const sent = answering(v1, [200, { ...active, email }], taken({ email }));
			await run('cancel', { identifyBy: 'email', email });
			const asked = sent.map(({ path }) => new URL(path, v1).searchParams.get('email'));
			expect(asked).toEqual([email, email]);
		},
	);

	const operations: Array<[string, IDataObject]> = [
		['cancel', { apiVersion: 'v1' }],
		['cancel', { apiVersion: 'v2' }],
		['restore', {}],
		['get', { apiVersion: 'v1' }],
		['get', { apiVersion: 'v2' }],
	];
	const doubtful: IDataObject[] = [
		...[
			'={{ "" }}',
			'  ',
			'undefined',
			'null',
			'[object Object]',
			'={{ $json.none }}',
			'={{ null }}',
			'={{ ["a"] }}',
			'cus_undefined',
			'cus_null',
			'x[object Object]',
			'false',
			'={{ false }}',
			'#N/A',
			'\u200b',
			'0',
			'={{ 0 }}',
			'NaN',
		].map((uid) => ({ identifyBy: 'uid', uid })),
		...['={{ "" }}', 'ada', 'ada@', 'a@b.co, c@d.co', 'undefined'].map((email) => ({
			identifyBy: 'email',
			email,
		})),
		{ identifyBy: 'username', username: 'ada' },
	];
	test.each(
		operations.flatMap(([operation, more]) => doubtful.map((who) => ({ operation, who, more }))),
	)('$who is not sent by $operation with $more', async ({ operation, who, more }) => {
		const sent = [...answering(v1), ...answering(v2)];
		const [json] = await run(operation, { ...more, ...who });
		expect(json).toMatchObject({
			outcome: 'invalid',
			attempts: 0,
			message: expect.stringContaining('Nothing was sent'),
		});
		expect(sent).toEqual([]);
	});

	test.each<[string, IDataObject]>([
		['UID', { identifyBy: 'uid', uid: '' }],
		['Email', { identifyBy: 'email', email: '' }],
	])('%s is asked for by n8n itself where the field is empty', async (_, who) => {
		const sent = answering(v1);
		await expect(run('cancel', who)).rejects.toThrow(/is required|has issues/);
		expect(sent).toEqual([]);
	});

	test.each(['..', '.'])('"%s" does not become a path', async (uid) => {
		const sent = answering(v2);
		const [json] = await run('get', { apiVersion: 'v2', identifyBy: 'uid', uid });
		expect(json).toMatchObject({ outcome: 'invalid' });
		expect(sent).toEqual([]);
	});
});

describe('what holds nothing', () => {
	const nothing = ['={{ $json.none }}', '={{ null }}', ' '];

	test.each(
		[
			...['ifNotReferral', 'alreadyCancelled', 'expectedStatus', 'expectedEmail', 'planToken'],
			...['maxAttempts', 'timeout', 'maxPerExecution', 'maxConcurrency', 'includeResponse'],
		].flatMap((name) => nothing.map((value) => ({ name, value }))),
	)('is no option: $name as "$value" is not sent', async ({ name, value }) => {
		const sent = answering(v1);
		const [json] = await run('cancel', byEmail, { options: { [name]: value } });
		expect(json).toMatchObject({ outcome: 'invalid', attempts: 0 });
		expect(sent).toEqual([]);
	});

	test.each(
		['eventId', 'createdAt', 'skipEmailNotification'].flatMap((name) =>
			[...nothing, 'undefined', '[object Object]'].map((value) => ({ name, value })),
		),
	)('is no additional field: $name as "$value" is not sent', async ({ name, value }) => {
		const sent = answering(v1);
		const [json] = await run('cancel', { ...byEmail, additionalFields: { [name]: value } });
		expect(json).toMatchObject({
			outcome: 'invalid',
			attempts: 0,
			message: expect.stringContaining('Nothing was sent'),
		});
		expect(sent).toEqual([]);
	});

	test.each(['cancel', 'restore'])('is no word for a real %s', async (operation) => {
		for (const dryRun of ['={{ $json.none }}', '={{ null }}', '={{ "" }}', 'yes']) {
			const sent = answering(v1);
			const [json] = await run(operation, { ...byEmail, dryRun });
			expect(json).toMatchObject({ outcome: 'invalid', attempts: 0 });
			expect(sent).toEqual([]);
		}
	});

	test.each(['Fail', 'FAIL', 'yes', '={{ true }}'])(
		'is as good as "%s" for a choice',
		async (value) => {
			const sent = answering(v1);
			for (const name of ['alreadyCancelled', 'ifNotReferral']) {
				const [json] = await run('cancel', byEmail, { options: { [name]: value } });
				expect(json).toMatchObject({ outcome: 'invalid' });
			}
			expect(sent).toEqual([]);
		},
	);
});
