import type { IDataObject } from 'n8n-workflow';
import nock from 'nock';

import { credentials as ofFox, delivery, Fox, headers as ofDelivery, record } from './fox';
import { Trigger } from './host';
import { later } from './later';
import { cancelled, credentials as ofPromoter, Promoter } from './promoter';

interface Case {
	trigger: Trigger;
	/** The fields of its credential. */
	account: IDataObject;
	/** Makes a delivery one of another event. */
	another: IDataObject;
	deliver: (more?: IDataObject) => ReturnType<Trigger['deliver']>;
	/** Answers the record's request so. */
	answer: (status: number | undefined, body?: unknown) => void;
}

/** What is saved of events, beside the registration of the webhook that is there now. */
const withRegistration = (saved: IDataObject, now: IDataObject): IDataObject => {
	const { registration } = { ...(now['node:Trigger'] as IDataObject) };
	const node = saved['node:Trigger'] as IDataObject;
	return { 'node:Trigger': { ...node, ...(registration && { registration }) } };
};

const cases: Array<[name: string, set: (id?: string) => Promise<Case>]> = [
	[
		'FunnelFox',
		async (id) => {
			nock.cleanAll();
			const fox = new Fox();
			const ben = { id: 'pro_ben', email: 'ben@example.com' };
			fox.rows.push(record({ id: 'sub_ben', profile: ben }));
			const account = { ...ofFox.FunnelFoxApi };
			const credentials = { FunnelFoxApi: account };
			const trigger = await Trigger.of({ node: 'FunnelFoxTrigger', credentials, id });
			return {
				account,
				another: { id: 'evt_2', profile_id: 'pro_ben' },
				trigger,
				deliver: async (more) => await trigger.deliver(delivery(more), ofDelivery),
				answer(status, body) {
					fox.instead = status === undefined ? undefined : () => [status, body];
				},
			};
		},
	],
	[
		'FirstPromoter',
		async (id) => {
			nock.cleanAll();
			const promoter = new Promoter();
			const ada = { id: 77, state: 'cancelled', email: 'ada@example.com' };
			promoter.referrals = { 77: ada, 78: { ...ada, id: 78 } };
			const account = { ...ofPromoter.FirstPromoterV2Api };
			const credentials = { FirstPromoterV2Api: account };
			const trigger = await Trigger.of({ node: 'FirstPromoterTrigger', credentials, id });
			await trigger.activate();
			return {
				account,
				another: { event_id: 'another', data: { id: 78, email: 'ben@example.com' } },
				trigger,
				deliver: async (more) => await trigger.deliver(cancelled(more), promoter.headers()),
				answer(status, body) {
					promoter.instead = status === undefined ? undefined : () => [status, body];
				},
			};
		},
	],
];

describe.each(cases)('an event of %s', (_, set) => {
	let one: Case;
	beforeEach(async () => void (one = await set()));
	const starts = async () => (await one.deliver()).items?.length;

	it('whose execution n8n could not start is new when it is delivered again', async () => {
		let failures = 2;
		one.trigger.startExecution = async () => {
			if (failures-- > 0) throw new Error('SQLITE_BUSY: database is locked');
		};
		expect(await one.deliver()).toMatchObject({ status: 500 });
		expect(await one.deliver()).toMatchObject({ status: 500 });
		expect(await starts()).toBe(1);
		expect(await one.deliver()).toMatchObject({ body: { ignored: 'Duplicate event.' } });
	});

	it('is new again although n8n 1.x had saved the static data before it failed', async () => {
		one.trigger.savesBeforeStart = true;
		one.trigger.startExecution = async () => await Promise.reject(new Error('locked'));
		expect(await one.deliver()).toMatchObject({ status: 500 });
		expect(JSON.stringify(one.trigger.saved)).toContain('unconfirmed');
		one.trigger.startExecution = async () => {};
		expect(await starts()).toBe(1);
	});

	it('whose connection is lost while the record is read starts nothing, and starts when it is back', async () => {
		one.trigger.isDisconnected = true;
		expect((await one.deliver()).items).toBeUndefined();
		one.trigger.isDisconnected = false;
		expect(await starts()).toBe(1);
	});

	it('that is nested very deeply starts once', async () => {
		let deep: IDataObject = {};
		for (let depth = 0; depth < 20_000; depth++) deep = { deep };
		one.trigger.parameters.options = { includeRaw: true };
		expect((await one.deliver({ deep })).items).toHaveLength(1);
		expect(await one.deliver({ deep })).toMatchObject({ body: { ignored: 'Duplicate event.' } });
	});

	it('whose account cannot be used is new again', async () => {
		const { account } = one;
		const { baseUrl } = account;
		account.baseUrl = 'http://api.example.com';
		expect(await one.deliver()).toMatchObject({
			status: 500,
			failed: expect.stringContaining('must start with https://'),
		});
		account.baseUrl = baseUrl;
		expect(await starts()).toBe(1);
	});

	it('is in doubt after a restart of n8n, and a duplicate once an hour has passed', async () => {
		expect(await starts()).toBe(1);
		const { saved } = one.trigger;
		one = await set('after the restart');
		one.trigger.saved = withRegistration(saved, one.trigger.saved);
		expect(await starts()).toBe(1);
		one = await set('after another one');
		one.trigger.saved = withRegistration(saved, one.trigger.saved);
		later(3_600_001);
		expect((await one.deliver()).body).toEqual({ ignored: 'Duplicate event.' });
	});

	it('is a duplicate after a restart of n8n where another event followed', async () => {
		expect(await starts()).toBe(1);
		await one.deliver(one.another);
		const { saved } = one.trigger;
		one = await set('after the restart');
		one.trigger.saved = withRegistration(saved, one.trigger.saved);
		expect((await one.deliver()).body).toEqual({ ignored: 'Duplicate event.' });
	});

	it.each([401, 403])(
		'is a failed execution where the record answers %i, and starts once that is mended',
		async (status) => {
			one.answer(status, { message: 'not for this key' });
			expect(await one.deliver()).toMatchObject({
				status: 500,
				failed: expect.stringMatching(/not for this key.* Check the credential/),
			});
			one.answer(undefined);
			expect(await starts()).toBe(1);
		},
	);
});

describe('a FunnelFox Trigger', () => {
	const made = async (credentials: typeof ofFox | Record<string, never>) =>
		await Trigger.of({ node: 'FunnelFoxTrigger', credentials });

	it('without a credential answers 401 and makes no failed execution', async () => {
		new Fox();
		const trigger = await made({});
		expect(await trigger.deliver(delivery(), ofDelivery)).toEqual({
			status: 401,
			body: { message: 'There is no usable credential.' },
		});
		expect(trigger.warnings.join()).toContain('rejects every delivery');
	});

	it('with a base URL that is none fails visibly, for those who know the secret only', async () => {
		const trigger = await made({
			FunnelFoxApi: { ...ofFox.FunnelFoxApi, baseUrl: 'http://api.example.com' },
		});
		expect(await trigger.deliver(delivery(), {})).toMatchObject({ status: 401 });
		expect(await trigger.deliver(delivery(), ofDelivery)).toMatchObject({
			status: 500,
			failed: expect.stringContaining('must start with https://'),
		});
	});

	it('is not asked twice about one event at a time', async () => {
		const fox = new Fox();
		fox.rows = [record()];
		const trigger = await made(ofFox);
		const all = await Promise.all(
			Array.from({ length: 20 }, async () => await trigger.deliver(delivery(), ofDelivery)),
		);
		expect(all.filter(({ items }) => items)).toHaveLength(1);
		expect(fox.sent).toHaveLength(2);
	});
});
