import { arrived, type Prepared } from '../wire';
import {
	ahead,
	answer,
	gone,
	one,
	patches,
	pending,
	problem,
	record,
	run,
	smokeball,
	serverError,
} from './vendor';

const methods = () => arrived.map(({ method }) => method);

describe('a cancellation that comes twice', () => {
	test('days later finds its end fixed, and sends nothing', async () => {
		smokeball([200, record()], [200, answer()]);
		expect(await one('cancel', {}, { executionId: '7' })).toMatchObject({ outcome: 'scheduled' });
		smokeball([200, pending]);
		expect(await one('cancel', {}, { executionId: '8' })).toMatchObject({
			ok: true,
			ended: true,
			outcome: 'alreadyCancelled',
			effectiveAt: ahead,
			attempts: 0,
		});
		expect(methods()).toEqual(['GET', 'PATCH', 'GET']);
	});

	test('whose trials have ended sends nothing on top, and claims no end of the plan', async () => {
		const trialingTier = { cancellationStatus: 'Pending', expirationDate: ahead };
		smokeball([200, record({ status: 'Trialing', trialingTier })]);
		expect(await one('cancel')).toMatchObject({ ok: true, ended: false, attempts: 0 });
		expect(methods()).toEqual(['GET']);
	});

	test('at once is sent once: the second execution waits, and looks first', async () => {
		smokeball([200, record()], [200, answer()], [200, pending]);
		const both = await Promise.all(
			['7', '8'].map(async (executionId) => await one('cancel', {}, { executionId })),
		);
		expect(both.map(({ outcome }) => outcome)).toEqual(['scheduled', 'alreadyCancelled']);
		expect(patches()).toHaveLength(1);
	});

	test.each<[string, string, string[]]>([
		['sends nothing where the end is early enough', '2099-12-31T00:01:00.000Z', []],
		['is sent where the end has to be earlier', '2099-12-30T00:00:00.000Z', ['PATCH']],
	])('with another date %s', async (_, second, more) => {
		const each = { cancellationType: 'Date', cancelAt: '={{ $json.at }}' };
		const dated = (cancelAt: string): Prepared => [
			200,
			answer({ cancellationType: 'Date', cancelAt }),
		];
		const again = more.map(() => dated(second));
		smokeball([200, record()], dated(ahead), [200, pending], ...again);
		const both = await run('cancel', each, { items: [{ at: ahead }, { at: second }] });
		expect(both).toMatchObject([
			{ outcome: 'scheduled', effectiveAt: ahead },
			{ outcome: 'scheduled', effectiveAt: more.length > 0 ? second : ahead },
		]);
		expect(both[1]).not.toHaveProperty('duplicateOf');
		expect(methods()).toEqual(['GET', 'PATCH', 'GET', ...more]);
	});

	test('with a reason and a second that differ at each evaluation is one request', async () => {
		const each = {
			cancellationType: 'Date',
			cancelAt: '={{ $json.at }}',
			additionalFields: { reason: '={{ $json.reason }}' },
		};
		smokeball([200, record()], [200, answer({ cancellationType: 'Date' })]);
		const items = [
			{ reason: 'Moved', at: ahead },
			{ reason: 'Too expensive', at: '2099-12-31T00:00:01.000Z' },
		];
		expect(await run('cancel', each, { items })).toMatchObject([
			{ outcome: 'scheduled' },
			{ outcome: 'scheduled', duplicateOf: 0 },
		]);
		expect(patches()).toHaveLength(1);
	});
});

describe.each(['integrated', 'retry'] as const)('in an execution of the mode %s', (mode) => {
	test('a cancellation that is done sends nothing', async () => {
		smokeball([200, pending]);
		expect(await one('cancel', {}, { mode })).toMatchObject({ outcome: 'alreadyCancelled' });
		expect(methods()).toEqual(['GET']);
	});

	test.each<[string, Prepared]>([
		['has ended', [200, gone]],
		['is to end', [200, pending]],
		['cannot be read', serverError],
		["is another's", [200, record({ id: 'sub_2' })]],
	])('a resumption of a plan that %s is refused: it may charge again', async (_, look) => {
		smokeball(look);
		expect(await one('resume', {}, { mode, options: { maxAttempts: 1 } })).toMatchObject({
			ok: false,
			ended: false,
			outcome: 'refused',
			attempts: 0,
			requestedAt: null,
			message: expect.stringContaining('Nothing was sent'),
		});
		expect(methods()).toEqual(['GET']);
	});

	test('a refused resumption says how to get on', async () => {
		smokeball([200, gone]);
		expect(await one('resume', {}, { mode })).toMatchObject({
			description: expect.stringMatching(/run it in a new execution, and not in a sub-workflow\.$/),
		});
	});

	test('a resumption of a plan that runs is done already', async () => {
		smokeball([200, record()]);
		expect(await one('resume', {}, { mode })).toMatchObject({
			ok: true,
			outcome: 'restored',
			attempts: 0,
			requestedAt: null,
		});
		expect(methods()).toEqual(['GET']);
	});

	test('a resumption of a plan that is not there is not found', async () => {
		smokeball([404, problem(404, 'Subscription not found.')]);
		expect(await one('resume', {}, { mode })).toMatchObject({ outcome: 'notFound' });
		expect(patches()).toHaveLength(0);
	});

	test('a dry run of a resumption is a preview as everywhere', async () => {
		smokeball([200, gone]);
		expect(await one('resume', { dryRun: true }, { mode })).toMatchObject({ outcome: 'preview' });
		expect(patches()).toHaveLength(0);
	});
});
