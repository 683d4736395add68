import { answering, lines, type Prepared } from '../wire';
import { accepted, error, get, id, one, origin, post, shown, unread } from './vendor';

const soon = { 'retry-after': '0' };
const broken: Prepared = [500, error('Something broke'), soon];
const active: Prepared = [200, shown('active')];
const ended: Prepared = [200, shown('ended')];

/** Each test is about a target of its own: a doubt is remembered beyond the run that had it. */
let targets = 100;
function about(answers: Prepared[], requests: string[]) {
	const targetId = `own_${targets++}`;
	const own = <T>(value: T) => JSON.parse(JSON.stringify(value).replaceAll(id, targetId)) as T;
	return { targetId, answers: own(answers), requests: own(requests) };
}

describe('with a read path', () => {
	test.each<[string, Prepared[], string, string[]]>([
		[
			'500 that was carried out is read, and not sent again',
			[active, broken, ended],
			'cancelled',
			[get, post, get],
		],
		[
			'500 with nothing changed is sent again',
			[active, broken, active, [200, accepted], ended],
			'cancelled',
			[get, post, get, post, get],
		],
		[
			'no answer, and the record has ended',
			[active, 'silence', ended],
			'cancelled',
			[get, post, get],
		],
		[
			'a page in place of an answer',
			[active, [200, '<html></html>'], ended],
			'cancelled',
			[get, post, get],
		],
		[
			'a redirect is not followed, and read',
			[active, [302, '', { location: 'https://evil.test' }], ended],
			'cancelled',
			[get, post, get],
		],
		[
			'502 of a gateway that was carried out',
			[active, [502, '<html>', soon], ended],
			'cancelled',
			[get, post, get],
		],
		[
			'500, and the record has another ID',
			[active, broken, [200, shown('active', { id: 'own_0' })]],
			'unknown',
			[get, post, get],
		],
		[
			'500, and the record has no status',
			[active, broken, [200, { data: { id } }]],
			'unknown',
			[get, post, get],
		],
	])('%s', async (_, given, outcome, expected) => {
		const { targetId, answers, requests } = about(given, expected);
		const sent = answering(origin, ...answers);
		// Short only where the answer never comes: a busy machine may be slow.
		const options = given.includes('silence') ? { timeout: 1000 } : {};
		expect(await one('cancel', { targetId }, { options })).toMatchObject({ outcome });
		expect(lines(sent)).toEqual(requests);
	});
});

describe('without a read path', () => {
	test.each<[string, Prepared]>([
		['500', broken],
		['503 in JSON', [503, error('Later'), soon]],
		['no answer', 'silence'],
		['a page', [502, '<html>Bad Gateway</html>', soon]],
	])('%s is unknown, and is not sent again, by n8n neither', async (_, answer) => {
		const { targetId, requests } = about([], [post]);
		const sent = answering(origin, answer);
		const options = { timeout: 1000 };
		const more = { options, maxTries: 3, onError: 'continueRegularOutput' as const };
		const item = await one('cancel', { ...unread, targetId }, more);
		expect(item).toMatchObject({ outcome: 'unknown', ok: false, ended: false, attempts: 1 });
		expect(lines(sent)).toEqual(requests);
	});

	test.each<[string, Prepared]>([
		['500', broken],
		['no answer', 'silence'],
	])(
		'%s is sent again with the same key, where the API drops a second request',
		async (_, answer) => {
			const { targetId, requests } = about([], [post, post]);
			const sent = answering(origin, answer, [200, accepted]);
			const options = { timeout: 1000, idempotencyHeader: 'Idempotency-Key' };
			const item = await one('cancel', { ...unread, targetId }, { options });
			expect(item).toMatchObject({ outcome: 'cancelled', attempts: 2 });
			expect(lines(sent)).toEqual(requests);
			const keys = sent.map(({ headers }) => headers['idempotency-key']);
			expect(keys).toEqual([expect.stringMatching(/^n8n-.{22}$/), keys[0]]);
		},
	);
});
