import { headers, signedProvider as paddle } from '../providers/paddle/signed';
import { ask } from '../sandbox/ask';
import { ownReceiver } from '../sandbox/receiver';
import { ownSandbox } from '../sandbox/ownSandbox';
import { registrationOf, triggerOf } from './signedWebhooks';

const own = ownSandbox();
const receiver = ownReceiver();

describe('the webhook of Paddle, whose updates do not say what has changed', () => {
	/** A later update of something else. */
	const touch = async (who: string) =>
		await ask(own.sandbox, 'PATCH', `/paddle/live/subscriptions/${paddle.sub(who)}`, {
			json: { custom_data: { seen: String(Math.random()) } },
			headers,
		});

	async function published(events: string[]) {
		const trigger = await triggerOf(paddle, own.sandbox, { events });
		await trigger.activate();
		await paddle.redirect(own.sandbox, registrationOf(trigger).id, receiver.url);
		return trigger;
	}
	const newest = async () => {
		await own.sandbox.deliveriesDone();
		const { text, headers } = receiver.calls.at(-1)!;
		return [Buffer.from(text), headers as Record<string, string>] as const;
	};

	test('takes an update that changes no end for no event, and reads nothing for it', async () => {
		const trigger = await published(['scheduled', 'restored']);
		await touch('ada');
		const before = own.sandbox.requests('paddle').length;
		expect(await trigger.deliver(...(await newest()))).toEqual({
			status: 200,
			body: { ignored: 'No scheduled end of this subscription is known.' },
		});
		expect(own.sandbox.requests('paddle')).toHaveLength(before);
	});

	test('reports an end once, also where the subscription is updated until then', async () => {
		const trigger = await published(['scheduled', 'restored']);
		await paddle.cancel(own.sandbox, 'ada', 'periodEnd');
		expect((await trigger.deliver(...(await newest()))).items).toHaveLength(1);
		await touch('ada');
		expect(await trigger.deliver(...(await newest()))).toEqual({
			status: 200,
			body: { ignored: 'Another event reported the same end.' },
		});
	});

	test('knows the end that was undone after a restart, and where only that starts the workflow', async () => {
		let trigger = await published(['restored']);
		await paddle.cancel(own.sandbox, 'ada', 'periodEnd');
		expect((await trigger.deliver(...(await newest()))).items).toBeUndefined();
		await paddle.resume(own.sandbox, 'ada');
		const { saved } = trigger;
		const setting = { events: ['restored'] };
		trigger = await triggerOf(paddle, own.sandbox, setting, 'after a restart');
		trigger.saved = saved;
		// n8n cannot start the execution at first.
		trigger.startExecution = async () => await Promise.reject(new Error('database locked'));
		const undone = await newest();
		expect((await trigger.deliver(...undone)).status).toBe(500);
		trigger.startExecution = async () => {};
		expect((await trigger.deliver(...undone)).items?.[0].json.outcome).toBe('restored');
		await touch('ada');
		expect((await trigger.deliver(...(await newest()))).items).toBeUndefined();
	});

	test('reports the end that has come since it was undone', async () => {
		const trigger = await published(['scheduled', 'cancelled', 'restored']);
		await paddle.cancel(own.sandbox, 'ada', 'periodEnd');
		await trigger.deliver(...(await newest()));
		await paddle.resume(own.sandbox, 'ada');
		const undone = await newest();
		await paddle.cancel(own.sandbox, 'ada', 'immediately');
		const { items } = await trigger.deliver(...undone);
		expect(items?.map(({ json }) => json.outcome)).toEqual(['cancelled']);
		expect((await trigger.deliver(...(await newest()))).items).toBeUndefined();
	});
});
