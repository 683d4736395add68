import { deliveryFaultKinds } from './deliveries';
import { faultTitles } from './faults';
import type { SandboxControls } from './api';
import { providers, rowSignature } from './providers';

/** The status page lists this many customers; the search finds the others. */
const maxCustomersShown = 200;

/**
 * Data of the status page: the records of the first customers, or of those with `find` in their name,
 * email address or ID, and the active faults, limits and delays.
 */
export function describeStatus(controls: SandboxControls, find = '') {
	const { sandboxState, apis } = controls;
	const wanted = find.toLowerCase();
	const rows = new Map(apis.map((api) => [api.name, api.rows()]));
	const all = new Set<string>();
	const matching = new Set<string>();
	for (const { customer, email, target } of [...rows.values()].flat()) {
		all.add(customer);
		const words = [customer, email ?? '', target].join(' ').toLowerCase();
		if (words.includes(wanted)) matching.add(customer);
	}
	const shown = new Set([...matching].slice(0, maxCustomersShown));
	return {
		now: sandboxState.clock.now().toISOString(),
		frozenAt: sandboxState.clock.frozenAt(),
		customers: { all: all.size, matching: matching.size, shown: shown.size },
		providers: apis.map((api) => {
			const { name, title, base, customerCancels, webhooks, pasteWebhook } = api;
			const known = rows.get(name) ?? [];
			const before = api.baseline();
			return {
				name,
				title,
				base,
				records: known.length,
				webhooks: webhooks?.().length,
				canCancel: customerCancels !== undefined,
				canPaste: pasteWebhook !== undefined,
				rows: known
					.filter(({ customer }) => shown.has(customer))
					.map((row) => ({ ...row, isChanged: before.get(row.target) !== rowSignature(row) })),
			};
		}),
		credentialForms: [
			...providers.flatMap(({ access }) => access(controls.url)),
			{
				credential: 'OpenAI',
				fields: { 'API Key': 'any text', 'Base URL': `${controls.url}/openai/v1` },
			},
		],
		faultTitles,
		deliveryFaultKinds,
		faults: sandboxState.faults.list(),
		deliveryFaults: sandboxState.deliveries.activeFaults(),
		limits: sandboxState.limits.list(),
		latency: Object.fromEntries(sandboxState.latency),
	};
}

/** Request counts per provider. */
export function requestStats({ sandboxState, apis }: SandboxControls) {
	return {
		maxInFlight: sandboxState.requestLog.maxInFlight(),
		providers: Object.fromEntries(
			apis.map(({ name }) => [name, sandboxState.requestLog.stats(name)]),
		),
	};
}
