import type { IDataObject } from 'n8n-workflow';

import { answering, lines } from '../wire';
import { v1, v2, lead, ofV1, run } from './vendor';

describe('an identifier', () => {
	const odd = ['a/b', 'a?b=c', 'a#b', 'a b', 'a+b', 'ünï-🦊', '%2e%2e', '../../x', 'a&uid=b'];

	test.each(odd)('"%s" arrives as it is', async (uid) => {
		const encoded = encodeURIComponent(uid);
		let sent = answering(v1, ofV1);
		await run('cancel', { identifyBy: 'uid', uid, additionalFields: { eventId: 'e' } });
		expect(lines(sent)).toEqual([`POST /api/v1/track/cancellation?uid=${encoded}&event_id=e`]);
		sent = answering(v2, ofV1);
		await run('cancel', { apiVersion: 'v2', identifyBy: 'uid', uid });
		expect(sent.map(({ body }) => body)).toEqual([{ uid }]);
		sent = answering(v2, [200, lead]);
		await run('get', { apiVersion: 'v2', identifyBy: 'uid', uid });
		expect(lines(sent)).toEqual([`GET /api/v2/company/referrals/${encoded}?find_by=uid`]);
	});

	test.each(['a+b@example.com', "o'neil@example.com", 'ada@exämple.com'])(
		'e-mail "%s" arrives as it is',
		async (email) => {
			const sent = answering(v1, ofV1);
			await run('cancel', { identifyBy: 'email', email });
			expect(new URL(sent[0].path, v1).searchParams.get('email')).toBe(email);
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
		expect(json.error).toMatchObject({
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
		expect(json.error).toMatchObject({ outcome: 'invalid' });
		expect(sent).toEqual([]);
	});
});
