import type { FastifyInstance, FastifyRequest } from 'fastify';
import { randomBytes, randomUUID } from 'node:crypto';
import { sendResponse } from '../../faultInjection';
import { isLoopback } from '../../hosts';
import { postJson } from '../../postJson';
import { type ProviderResponse, pathParameter, readRoute, writeRoute } from '../../providerApi';
import type { SandboxState } from '../../sandboxState';
import type { Webhook, Webhooks } from './webhooks';

/**
 * FirstPromoter V2: webhooks and their deliveries. The provider calls public https URLs only; the
 * sandbox accepts any URL and calls this machine only.
 * @see https://docs.firstpromoter.com/api-reference-v2/api-admin/webhooks
 */
export function webhookRoutes(
	scope: FastifyInstance,
	sandboxState: SandboxState,
	webhooks: Webhooks,
): void {
	/** Faults address a webhook as `webhook_<id>`, and the list as `webhooks`. */
	const recordName = (request: FastifyRequest) => `webhook_${pathParameter(request, 'id')}`;
	const list = () => 'webhooks';
	const webhookOf = (request: FastifyRequest) =>
		webhooks.all.get(Number(pathParameter(request, 'id')));

	/** The known fields of a body, or an error message. */
	function parseFields(request: FastifyRequest): Partial<Webhook> | string {
		const given = Object.entries(request.body as object);
		const fields: Partial<Webhook> = Object.fromEntries(
			given.filter(([name]) => Object.hasOwn(webhookBody.properties, name)),
		);
		const { url, event_types: events } = fields;
		if (url !== undefined && !URL.canParse(url)) return 'Url is invalid';
		const unknown = events?.filter((type) => !webhooks.eventTypes().includes(type)) ?? [];
		// Assumption: an unknown event type is refused.
		if (unknown.length > 0) return `Event types are invalid: ${unknown.join(', ')}`;
		if (events?.length === 0) return "Event types can't be blank";
		return fields;
	}

	function create(request: FastifyRequest): ProviderResponse {
		const fields = parseFields(request);
		if (typeof fields === 'string') return invalid(fields);
		const { url, event_types } = fields;
		if (!url || !event_types) return invalid(`${url ? 'Event types' : 'Url'} can't be blank`);
		const webhook = webhooks.add({ ...fields, url, event_types });
		// By the text, only this response has the key; its schema lacks it.
		const hasKey = sandboxState.settings.assumption('firstPromoter', 'signature') === 'sent';
		const body = { ...view(webhook), ...(hasKey ? { secret_key: webhook.secret_key } : {}) };
		return { status: 201, body };
	}

	function update(request: FastifyRequest): ProviderResponse {
		const webhook = webhookOf(request);
		if (!webhook) return notFound();
		const fields = parseFields(request);
		if (typeof fields === 'string') return invalid(fields);
		Object.assign(webhook, fields, { updated_at: sandboxState.clock.now().toISOString() });
		return { status: 200, body: view(webhook) };
	}

	async function sendTest(request: FastifyRequest): Promise<ProviderResponse> {
		const given = request.body as Partial<Webhook> & { url: string; event_type: string };
		if (!URL.canParse(given.url)) return { status: 400, body: { message: 'Invalid URL' } };
		if (!isLoopback(new URL(given.url))) {
			return { status: 400, body: { message: 'The sandbox calls only this machine' } };
		}
		const event = { event_id: randomUUID(), event_type: given.event_type };
		const payload = { ...event, action: 'updated', data: { test: true } };
		const webhook = {
			headers: given.headers ?? {},
			basic_auth_user: given.basic_auth_user ?? null,
			basic_auth_password: given.basic_auth_password ?? null,
			// By the documents, test calls are signed with a random key.
			secret_key: randomBytes(32).toString('hex'),
		};
		const { headers } = webhooks.headersFor(webhook, { ...event, payload });
		const { signal } = new AbortController();
		const call = { headers, body: JSON.stringify(payload), timeoutMs: 30_000, signal };
		const { status, answer, error } = await postJson(new URL(given.url), call);
		// Assumption: the documents do not show the format of the receiver's response.
		return { status: 200, body: { status, body: answer ?? null, error: error ?? null } };
	}

	scope.get('/company/webhooks', { config: readRoute(list) }, (request, reply) => {
		const newest = [...webhooks.all.values()].reverse().map(view);
		return sendResponse(reply, page(newest, request));
	});
	scope.post(
		'/company/webhooks',
		{ config: writeRoute(list), schema: { body: webhookBody } },
		(request, reply) => sendResponse(reply, create(request)),
	);
	scope.get('/company/webhooks/event_types', { config: readRoute() }, (_request, reply) =>
		sendResponse(reply, { status: 200, body: { data: webhooks.eventTypes() } }),
	);
	scope.post(
		'/company/webhooks/test',
		{ config: readRoute(), schema: { body: testBody } },
		async (request, reply) => sendResponse(reply, await sendTest(request)),
	);
	scope.get('/company/webhooks/:id', { config: readRoute(recordName) }, (request, reply) => {
		const webhook = webhookOf(request);
		return sendResponse(reply, webhook ? { status: 200, body: view(webhook) } : notFound());
	});
	scope.put(
		'/company/webhooks/:id',
		{ config: writeRoute(recordName), schema: { body: webhookBody } },
		(request, reply) => sendResponse(reply, update(request)),
	);
	scope.delete('/company/webhooks/:id', { config: writeRoute(recordName) }, (request, reply) => {
		const webhook = webhookOf(request);
		if (webhook) webhooks.remove(webhook.id);
		return sendResponse(reply, webhook ? { status: 200, body: view(webhook) } : notFound());
	});

	const deliveries = '/company/webhooks/:id/webhook_deliveries';
	const delivery = (request: FastifyRequest) =>
		webhooks
			.deliveriesTo(Number(pathParameter(request, 'id')))
			.find(({ id }) => id === Number(pathParameter(request, 'delivery')));
	scope.get(deliveries, { config: readRoute(recordName) }, (request, reply) => {
		const webhook = webhookOf(request);
		return sendResponse(
			reply,
			webhook ? page(webhooks.deliveriesTo(webhook.id), request) : notFound(),
		);
	});
	scope.get(`${deliveries}/:delivery`, { config: readRoute(recordName) }, (request, reply) => {
		const body = delivery(request);
		return sendResponse(reply, body ? { status: 200, body } : notFound());
	});
	scope.post(
		`${deliveries}/:delivery/retry_delivery`,
		{ config: writeRoute(recordName) },
		(request, reply) => {
			const webhook = webhookOf(request);
			const body = delivery(request);
			if (!webhook || !body) return sendResponse(reply, notFound());
			if (body.attempts > webhook.max_retries)
				return sendResponse(reply, invalid('Max retries reached'));
			webhooks.deliver(webhook, body);
			return sendResponse(reply, { status: 200, body });
		},
	);
}

/** A webhook in the provider's format, without its password and key. */
export function view(webhook: Webhook): Record<string, unknown> {
	const { basic_auth_user: user, basic_auth_password: password } = webhook;
	const shown: Partial<Webhook> = { ...webhook };
	delete shown.basic_auth_password;
	delete shown.secret_key;
	return { ...shown, basic_auth_enabled: Boolean(user && password) };
}

function page(items: unknown[], { query }: FastifyRequest): ProviderResponse {
	const { page: number = '1', per_page: size = '25' } = query as Record<string, string | undefined>;
	const start = (Number(number) - 1) * Number(size);
	if (!(start >= 0) || !(Number(size) > 0)) return invalid('page is not valid');
	return { status: 200, body: items.slice(start, start + Number(size)) };
}

function invalid(text: string): ProviderResponse {
	return { status: 422, body: { message: text, code: 'unprocessable_entity' } };
}

function notFound(): ProviderResponse {
	return { status: 404, body: { message: 'Not found', code: 'not_found' } };
}

const headers = { type: 'object', additionalProperties: { type: 'string' } };
const basicAuth = {
	basic_auth_user: { type: 'string' },
	basic_auth_password: { type: 'string' },
};

const webhookBody = {
	type: 'object',
	properties: {
		url: { type: 'string' },
		event_types: { type: 'array', items: { type: 'string' } },
		active: { type: 'boolean' },
		timeout: { type: 'integer', minimum: 1, maximum: 120 },
		max_retries: { type: 'integer', minimum: 0, maximum: 10 },
		description: { type: 'string' },
		campaign_ids: { type: 'array', items: { type: 'integer' } },
		headers,
		...basicAuth,
	},
};

const testBody = {
	type: 'object',
	required: ['url', 'event_type'],
	properties: { url: { type: 'string' }, event_type: { type: 'string' }, headers, ...basicAuth },
};
