import { randomUUID } from 'node:crypto';
import type { PastedWebhook } from '../../providerApi';
import type { SandboxState } from '../../sandboxState';
import { keys } from './keys';
import { funnel, type Subscription } from './subscription';

/** Current documents name the first, older ones the second. */
const headerNames = ['Fox-Secret-Key', 'Fox-Secret'];
const sources = ['funnel', 'api', 'psp'];
const maxRetries = 30;
const timeoutMs = 10_000;

type Event = 'subscription.auto_renew_off' | 'subscription.cancelled';

/**
 * FunnelFox's webhook: one URL for all events, set in the project's settings. A header has the
 * project's secret; calls are not signed.
 * @see https://funnelfox.com/docs/develop/webhooks
 */
export class FunnelFoxWebhook {
	private setting: PastedWebhook | null = null;

	constructor(private readonly sandboxState: SandboxState) {}

	/** @throws RangeError for an invalid URL or header name */
	paste(webhook: PastedWebhook | null): void {
		if (webhook && !URL.canParse(webhook.url)) {
			throw new RangeError(`"${webhook.url}" is not a URL`);
		}
		if (webhook?.header && !headerNames.includes(webhook.header)) {
			throw new RangeError(`The header is ${headerNames.join(' or ')}`);
		}
		this.setting = webhook && { ...webhook, header: webhook.header ?? headerNames[0] };
	}

	all(): PastedWebhook[] {
		return this.setting ? [{ ...this.setting }] : [];
	}

	/**
	 * Sends an event to the webhook, if one is set.
	 * @param at time of the event, ISO 8601
	 * @param source initiator: `funnel`, `api` or `psp`
	 * @throws RangeError for another source
	 */
	sendEvent(type: Event, record: Subscription, at: string, source: string): void {
		if (!sources.includes(source)) throw new RangeError(`The source is ${sources.join(', ')}`);
		if (!this.setting) return;
		const { url, sandboxUrl, header = headerNames[0] } = this.setting;
		const eventId = `evt_${randomUUID().replaceAll('-', '')}`;
		const scale = this.sandboxState.settings.number('funnelFox', 'retryScale');
		this.sandboxState.deliveries.send({
			provider: 'funnelFox',
			url: record.sandbox ? (sandboxUrl ?? url) : url,
			event: type,
			eventId,
			headers: { [header]: keys.secretKey },
			secrets: [header],
			body: bodyOf(type, eventId, record, at, source),
			retryDelaysMs: Array.from({ length: maxRetries }, (_, n) => retryDelayMs(n) * scale),
			timeoutMs,
		});
	}
}

/** n⁴ + 15 + (0 to 29)·(n + 1) seconds, in ms; the mean in place of the random part. */
function retryDelayMs(n: number): number {
	return (n ** 4 + 15 + 15 * (n + 1)) * 1000;
}

/** The body of an event, with the fields of other events; the documents show no complete cancellation. */
function bodyOf(type: Event, id: string, record: Subscription, at: string, source: string): object {
	const { profile, psp_id, payment_provider, period_starts_at, period_ends_at, sandbox } = record;
	const session_id = `ses_${record.id}`;
	const isNamed = profile.email !== undefined;
	return {
		id,
		type,
		created_at: Math.floor(Date.parse(at) / 1000),
		location: {
			funnel_id: funnel.id,
			funnel_version: 3,
			origin: 'https://funnel.example.com',
			query: '',
			query_params: {},
			sandbox,
			onboarding: true,
			experiment_id: null,
			experiment_name: null,
			experiment_version: null,
		},
		profile: {
			id: profile.id,
			session_id,
			...(isNamed ? { email: profile.email } : {}),
			country: 'DE',
			ip: '203.0.113.7',
			city: 'Berlin',
			time_zone: 'Europe/Berlin',
			user_agent: 'Mozilla/5.0',
			locale: 'en',
		},
		funnel_id: funnel.id,
		profile_id: profile.id,
		project_id: 'prj_sandbox',
		is_sandbox: sandbox,
		session_id,
		data: {
			entitlement: 'plus',
			starts_at: period_starts_at,
			...(period_ends_at ? { expires_at: period_ends_at } : {}),
			session_id,
			vendor: payment_provider,
			vendor_product_id: 'price_plus',
			vendor_profile_id: `cus_${profile.id}`,
			// The payment provider's ID; the documents list no field with FunnelFox's ID.
			vendor_subscription_id: psp_id,
			vendor_transaction_id: `txn_${psp_id}`,
			...(type === 'subscription.auto_renew_off' ? { cancellation_source: source } : {}),
		},
	};
}
