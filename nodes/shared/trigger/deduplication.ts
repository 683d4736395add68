import type { IDataObject, IWebhookFunctions } from 'n8n-workflow';

/** FunnelFox and FirstPromoter go on delivering for a day and longer; a busy day has fewer than this. */
const maxSaved = 500;
const maxInProcess = 10_000;

/**
 * What this process has taken in: n8n saves a node's static data only after a delivery, so it does
 * not yet tell of one that comes in at the same moment.
 */
const inProcess = new Set<string>();

export interface SeenEvents {
	/** One of these has come in before. */
	has(...keys: Key[]): boolean;
	add(...keys: Key[]): void;
}
type Key = string | null | undefined;

const isKey = (key: Key): key is string => typeof key === 'string';

/**
 * Which events a node has taken in. Dropped as far as that goes: several processes that get the same
 * event in the same moment know nothing of each other. A test run remembers nothing.
 */
export function openSeenEvents(host: IWebhookFunctions): SeenEvents {
	const data: IDataObject = host.getMode() === 'manual' ? {} : host.getWorkflowStaticData('node');
	const saved = () => (data.seen ?? []) as string[];
	const processKey = (key: string) => `${host.getWorkflow().id} ${host.getNode().id} ${key}`;
	const isHeld = (key: string) => host.getMode() !== 'manual' && inProcess.has(processKey(key));
	return {
		has: (...keys) => keys.filter(isKey).some((key) => saved().includes(key) || isHeld(key)),
		add(...keys) {
			data.seen = [...saved(), ...keys.filter(isKey)].slice(-maxSaved);
			for (const key of keys.filter(isKey)) inProcess.add(processKey(key));
			for (const oldest of inProcess) {
				if (inProcess.size <= maxInProcess) break;
				inProcess.delete(oldest);
			}
		},
	};
}
