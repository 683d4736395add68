import { createHmac, randomUUID } from 'node:crypto';
import type { PastedWebhook } from '../../providerApi';
import type { SandboxState } from '../../sandboxState';
import type { Site } from './access';
import { sampleId } from './ids';
import { keys } from './keys';
import type { EventType } from './lifecycle';
import type { Subscription } from './subscription';

const maxRetries = 10;
const timeoutMs = 5_000;

/** How a delivery is signed. */
interface Signing {
	/** The header's time; the page says milliseconds, its example has seconds. */
	unit: 'milliseconds' | 'seconds';
	/** The keys that sign, each with a signature of its own. */
	keys: string[];
}

/**
 * Recurly's webhooks: the address of an endpoint is pasted in the console, which shows the key that signs
 * its deliveries. The body names the subscription and nothing of its state.
 * @see https://docs.recurly.com/recurly-subscriptions/docs/overview-webhooks
 */
export class RecurlyWebhook {
	private setting: PastedWebhook | null = null;

	constructor(private readonly sandboxState: SandboxState) {}

	/** @throws RangeError for an invalid URL, or a header's name, which is fixed */
	paste(webhook: PastedWebhook | null): void {
		if (webhook?.header !== undefined) throw new RangeError('Recurly signs in recurly-signature');
		for (const url of [webhook?.url, webhook?.sandboxUrl]) {
			if (url !== undefined && !URL.canParse(url)) throw new RangeError(`"${url}" is not a URL`);
		}
		this.setting = webhook && { ...webhook };
	}

	all(): PastedWebhook[] {
		return this.setting ? [{ ...this.setting }] : [];
	}

	/**
	 * Sends an event to the endpoint of the subscription's site, if there is one.
	 * @param at time of the event, ISO 8601
	 */
	send(event: EventType, record: Subscription, site: Site, at: string): void {
		const { url: productionUrl, sandboxUrl } = this.setting ?? {};
		// Each site has endpoints of its own.
		const url = site === 'sandbox' ? sandboxUrl : productionUrl;
		if (url === undefined) return;
		const eventId = randomUUID();
		const body = bodyOf(event, record, site, at);
		const { settings, deliveries } = this.sandboxState;
		const scale = settings.number('recurly', 'retryScale');
		deliveries.send({
			provider: 'recurly',
			url,
			event,
			eventId,
			headers: {
				'recurly-notification-id': eventId,
				'recurly-signature': signature(JSON.stringify(body), this.signing()),
			},
			secrets: ['recurly-signature'],
			body,
			retryDelaysMs: Array.from({ length: maxRetries }, (_, x) => retryDelayMs(x) * scale),
			timeoutMs,
		});
	}

	private signing(): Signing {
		const assumed = (name: string) => this.sandboxState.settings.assumption('recurly', name);
		const isReplaced = assumed('webhookKeys') === 'afterChange';
		return {
			unit: assumed('signatureTime') === 'seconds' ? 'seconds' : 'milliseconds',
			keys: isReplaced ? [keys.formerWebhookKey, keys.webhookKey] : [keys.webhookKey],
		};
	}
}

/** 10 + x · 2^(x + 5) seconds, in ms. */
const retryDelayMs = (x: number): number => (10 + x * 2 ** (x + 5)) * 1000;

const bodyOf = (event: EventType, { id, uuid }: Subscription, site: Site, at: string) => ({
	id,
	object_type: 'subscription',
	site_id: sampleId('site', site),
	event_type: event,
	event_time: at,
	uuid,
});

/**
 * `recurly-signature`. Its time is the real one even if the sandbox's clock stands: the receiver
 * compares it with its own.
 */
export function signature(
	body: string,
	{ unit, keys: signing }: Signing = { unit: 'milliseconds', keys: [keys.webhookKey] },
	at = Date.now(),
): string {
	const time = unit === 'milliseconds' ? at : Math.floor(at / 1000);
	const signatures = signing.map((key) =>
		createHmac('sha256', key).update(`${time}.${body}`).digest('hex'),
	);
	return [time, ...signatures].join(',');
}
