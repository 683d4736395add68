import type { IDataObject } from 'n8n-workflow';

import { Trigger } from './host';
import { credentials, over, pending, plan, Plans } from './plans';

const all = ['cancelled', 'restored', 'scheduled'];
let smokeball: Plans;
let trigger: Trigger;
const made = async (events = all) =>
	await Trigger.of({ node: 'SmokeballTrigger', parameters: { events }, credentials });
const outcomes = (items: Array<{ json: IDataObject }>) => items.map(({ json }) => json.outcome);
/** What each look tells, one after the other. */
async function told(...looks: IDataObject[][]): Promise<unknown[]> {
	const found: unknown[] = [];
	for (const rows of looks) {
		smokeball.rows = rows;
		found.push(outcomes(await trigger.poll()));
	}
	return found;
}

beforeEach(async () => {
	smokeball = new Plans();
	trigger = await made();
});

describe('the firm’s plans', () => {
	it('start nothing on the first look, whatever state they are in', async () => {
		expect(await told([plan(), pending({ id: 'p2' }), over({ id: 'p3' })])).toEqual([[]]);
		const [{ path, headers }] = smokeball.sent;
		expect(path).toBe('/subscriptions');
		expect(headers).toMatchObject({
			'x-api-key': 'smoke-key-4711',
			authorization: 'Bearer smoke-token-4711',
		});
	});

	it('tell once each of an end that is fixed, taken back, fixed again, and come', async () => {
		expect(
			await told([plan()], [pending()], [pending()], [plan()], [pending()], [over()], [over()]),
		).toEqual([[], ['scheduled'], [], ['restored'], ['scheduled'], ['cancelled'], []]);
	});

	it('tell of an end in the words of the nodes', async () => {
		trigger.parameters.options = { includeRaw: true };
		await trigger.poll();
		smokeball.rows = [pending()];
		expect((await trigger.poll())[0].json).toMatchObject({
			summary: 'plan-1 cancelled; ends on 31 January 2099 (Smokeball)',
			outcome: 'scheduled',
			ended: true,
			provider: 'smokeball',
			event: 'cancellationStatus.Pending',
			target: 'plan-1',
			email: null,
			effectiveAt: '2099-01-31T00:00:00.000Z',
			occurredAt: '2026-11-20T09:30:00.000Z',
			raw: pending(),
		});
		smokeball.rows = [over()];
		expect((await trigger.poll())[0].json).toMatchObject({
			outcome: 'cancelled',
			effectiveAt: '2026-11-21T08:00:00.000Z',
		});
		smokeball.rows = [plan()];
		expect((await trigger.poll())[0].json).toMatchObject({
			outcome: 'restored',
			ended: false,
			effectiveAt: null,
		});
	});

	it('tell again where a pending end has been moved', async () => {
		const moved = pending({ cancelAt: '2098-06-30T00:00:00Z' });
		expect(await told([plan()], [pending()], [moved])).toEqual([[], ['scheduled'], ['scheduled']]);
	});

	it('that vanish are no event, and are compared when they are back', async () => {
		expect(await told([plan()], [], [plan()])).toEqual([[], [], []]);
		expect(await told([plan()], [], [over()])).toEqual([[], [], ['cancelled']]);
	});

	it('that appear are no event', async () => {
		expect(await told([plan()], [plan(), over({ id: 'new' })])).toEqual([[], []]);
	});

	it('are read from a bare list, too', async () => {
		await trigger.poll();
		smokeball.instead = () => [200, [pending()]];
		expect(outcomes(await trigger.poll())).toEqual(['scheduled']);
	});

	it('are skipped where a row is none, and begin anew where what was saved is not whole', async () => {
		smokeball.instead = () => [200, [null, 'x', plan()]];
		expect(await trigger.poll()).toEqual([]);
		trigger.saved = { 'node:Trigger': { cursor: [], account: 'x' } };
		expect(await trigger.poll()).toEqual([]);
		trigger.saved = { 'node:Trigger': { cursor: { 'plan-1': 5 }, account: 'x' } };
		expect(await trigger.poll()).toEqual([]);
	});

	it('are compared on with another credential that shows the same plans', async () => {
		await trigger.poll();
		(trigger.saved['node:Trigger'] as IDataObject).account = 'another credential';
		smokeball.rows = [pending()];
		expect(outcomes(await trigger.poll())).toEqual(['scheduled']);
		expect(trigger.warnings).toEqual([]);
	});

	it('are one call a look', async () => {
		await told([plan()], [plan()]);
		expect(smokeball.sent).toHaveLength(2);
	});
});

it('tells only of what was chosen, and what was not is no news later', async () => {
	trigger = await made(['cancelled']);
	expect(await told([plan()], [pending()], [over()])).toEqual([[], [], ['cancelled']]);
	trigger.parameters.events = ['scheduled'];
	expect(await told([over()])).toEqual([[]]);
});

it('loses nothing where a look fails', async () => {
	await trigger.poll();
	smokeball.rows = [pending()];
	smokeball.instead = () => [403, { title: 'Forbidden' }];
	await expect(trigger.poll()).rejects.toThrow(
		/Smokeball did not answer GET \/subscriptions .*Forbidden.* Check the credential/,
	);
	smokeball.instead = () => [200, 'something else'];
	await expect(trigger.poll()).rejects.toThrow(/Check the base URL/);
	smokeball.instead = undefined;
	expect(outcomes(await trigger.poll())).toEqual(['scheduled']);
});
